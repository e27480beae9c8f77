// Run by MongoDB's image when the volume is new: the platform's own user, who is no administrator.
db.getSiblingDB("admin").createUser({
  user: "shoal",
  pwd: process.env.MONGO_PASSWORD,
  // of any database, because a restore is tried out in one of its own
  roles: ["readWriteAnyDatabase", "dbAdminAnyDatabase"],
});
