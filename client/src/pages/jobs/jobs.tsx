import { useQueryRefHandlers, useReadQuery } from "@apollo/client/react";
import { type LoaderFunctionArgs, useLoaderData, useSearchParams } from "react-router";
import { preload } from "../../api/apollo";
import { graphql } from "../../gql";
import type { JobStatus } from "../../gql/graphql";
import { useViewer } from "../../shell/viewer";
import { LiveBadge } from "../../ui/LiveBadge";
import { More } from "../../ui/More";
import { Page } from "../../ui/Page";
import { Select } from "../../ui/Select";
import { Empty } from "../../ui/States";
import { Table, Th } from "../../ui/Table";
import { counted } from "../../ui/words";
import { JobRow } from "./JobRow";
import { JobsFeed } from "./JobsFeed";

const JOBS = graphql(`
  query Jobs($statuses: [JobStatus!], $after: String) {
    jobs(first: 50, after: $after, filter: { statuses: $statuses }) {
      totalCount
      pageInfo { hasNextPage endCursor }
      nodes { id ...JobRow_job }
    }
  }
`);

const STATUSES: readonly { value: JobStatus | ""; label: string }[] = [
  { value: "", label: "All jobs" },
  { value: "QUEUED", label: "Waiting" },
  { value: "RUNNING", label: "Running" },
  { value: "SUCCEEDED", label: "Succeeded" },
  { value: "FAILED", label: "Failed" },
  { value: "CANCELLED", label: "Cancelled" },
];

export function loader({ request }: LoaderFunctionArgs) {
  const status = new URL(request.url).searchParams.get("status") as JobStatus | null;
  return preload(JOBS, { variables: { statuses: status ? [status] : null } });
}

export function Component() {
  const jobs = useLoaderData<typeof loader>();
  const { data } = useReadQuery(jobs);
  const { fetchMore, refetch } = useQueryRefHandlers(jobs);
  const { role } = useViewer();
  const [search, setSearch] = useSearchParams();
  const { nodes, pageInfo, totalCount } = data.jobs;
  return (
    <Page
      title="Jobs"
      mark={role === "ADMIN" && <LiveBadge feed="jobs" />}
      summary={counted(totalCount, "job")}
      actions={
        <Select
          label="Which jobs"
          choices={STATUSES}
          value={(search.get("status") ?? "") as JobStatus | ""}
          onChange={(status) => setSearch(status ? { status } : {})}
        />
      }
    >
      <JobsFeed onNew={() => refetch()} />
      {nodes.length === 0 ? (
        <Empty title="No jobs">
          Uploads, trainings and everything else that takes time are listed here.
        </Empty>
      ) : (
        <Table label="Jobs">
          <thead>
            <tr>
              <Th>Job</Th>
              <Th>State</Th>
              <Th>Progress</Th>
              <Th>Of</Th>
              <Th>Begun</Th>
            </tr>
          </thead>
          <tbody>
            {nodes.map((job) => (
              <JobRow key={job.id} job={job} />
            ))}
          </tbody>
        </Table>
      )}
      <More pageInfo={pageInfo} onMore={(after) => fetchMore({ variables: { after } })} />
    </Page>
  );
}
