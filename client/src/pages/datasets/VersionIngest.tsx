import { useSuspenseQuery } from "@apollo/client/react";
import { Suspense } from "react";
import { graphql } from "../../gql";
import { Loading } from "../../ui/States";
import { JobDiagnosis } from "../jobs/JobDiagnosis";
import { JobFeed } from "../jobs/JobFeed";
import { JobStages } from "../jobs/JobStages";
import { JobWaiting } from "../jobs/JobWaiting";

const INGEST = graphql(`
  query VersionIngest($id: ID!) {
    job(id: $id) {
      id
      ...JobDiagnosis_job
      ...JobStages_job
      ...JobWaiting_job
    }
  }
`);

/** How far the reading of a version is, live. */
export function VersionIngest({ jobId }: { jobId: string }) {
  return (
    <>
      <JobFeed id={jobId} feed={`job ${jobId}`} />
      <Suspense fallback={<Loading />}>
        <Ingest jobId={jobId} />
      </Suspense>
    </>
  );
}

function Ingest({ jobId }: { jobId: string }) {
  const { job } = useSuspenseQuery(INGEST, { variables: { id: jobId } }).data;
  if (!job) return null;
  return (
    <>
      <JobWaiting job={job} />
      <JobDiagnosis job={job} />
      <JobStages job={job} />
    </>
  );
}
