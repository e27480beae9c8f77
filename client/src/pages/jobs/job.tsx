import { useReadQuery } from "@apollo/client/react";
import { Suspense } from "react";
import { type LoaderFunctionArgs, useLoaderData } from "react-router";
import { preload } from "../../api/apollo";
import { graphql } from "../../gql";
import { NotFound } from "../../shell/RouteError";
import { Page } from "../../ui/Page";
import { Loading } from "../../ui/States";
import { plainName, titled } from "../../ui/words";
import { JobActions } from "./JobActions";
import { JobDiagnosis } from "./JobDiagnosis";
import { JobFacts } from "./JobFacts";
import { JobFeed } from "./JobFeed";
import { JobLog } from "./JobLog";
import { JobStages } from "./JobStages";
import { JobState } from "./JobState";
import { JobWaiting } from "./JobWaiting";

const JOB = graphql(`
  query Job($id: ID!) {
    job(id: $id) {
      id
      kind
      ...JobActions_job
      ...JobDiagnosis_job
      ...JobFacts_job
      ...JobStages_job
      ...JobState_job
      ...JobWaiting_job
    }
  }
`);

export function loader({ params }: LoaderFunctionArgs) {
  return preload(JOB, { variables: { id: params.id ?? "" } });
}

export function Component() {
  const { job } = useReadQuery(useLoaderData<typeof loader>()).data;
  if (!job) return <NotFound />;
  const feed = `job ${job.id}`;
  return (
    <Page
      title={titled(`${plainName(job.kind)} job`)}
      mark={<JobState job={job} feed={feed} />}
      summary={<code>{job.id}</code>}
      actions={<JobActions job={job} />}
    >
      <JobFeed id={job.id} feed={feed} />
      <JobWaiting job={job} />
      <JobDiagnosis job={job} />
      <div className="grid gap-4 lg:grid-cols-[2fr_1fr]">
        <JobStages job={job} />
        <JobFacts job={job} />
      </div>
      <Suspense fallback={<Loading />}>
        <JobLog key={job.id} id={job.id} />
      </Suspense>
    </Page>
  );
}
