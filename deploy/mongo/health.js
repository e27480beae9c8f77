// The health check: begins the replica set of one at the first start; green when it takes writes.
db.getSiblingDB("admin").auth("root", process.env.MONGO_INITDB_ROOT_PASSWORD);
try {
  rs.status();
} catch (fault) {
  if (fault.codeName !== "NotYetInitialized") throw fault;
  rs.initiate({ _id: "rs0", members: [{ _id: 0, host: "mongo:27017" }] });
}
quit(db.hello().isWritablePrimary ? 0 : 1);
