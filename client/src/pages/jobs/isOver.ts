import type { JobStatus } from "../../gql/graphql";

const OVER: ReadonlySet<JobStatus> = new Set(["SUCCEEDED", "FAILED", "CANCELLED"]);

/** Whether nothing happens any more to a job of this status. */
export const isOver = (status: JobStatus) => OVER.has(status);
