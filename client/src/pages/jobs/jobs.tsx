import { useQueryRefHandlers, useReadQuery } from "@apollo/client/react";
import { type LoaderFunctionArgs, useLoaderData, useSearchParams } from "react-router";
import { preload } from "../../api/apollo";
import { useAgain } from "../../api/useAgain";
import { graphql } from "../../gql";
import type { JobStatus } from "../../gql/graphql";
import { useViewer } from "../../shell/viewer";
import { LiveBadge } from "../../ui/LiveBadge";
import { More } from "../../ui/More";
import { Page } from "../../ui/Page";
import { Select } from "../../ui/Select";
import { Empty } from "../../ui/States";
import { counted } from "../../ui/words";
import { GuideLink } from "../welcome/GuideLink";
import { JobsFeed } from "./JobsFeed";
import { JobTable } from "./JobTable";

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
  const again = useAgain(jobs);
  const { fetchMore } = useQueryRefHandlers(jobs);
  const { data } = useReadQuery(jobs);
  const { role } = useViewer();
  const [search, setSearch] = useSearchParams();
  const { nodes, pageInfo, totalCount } = data.jobs;
  return (
    <Page
      title="Jobs"
      mark={role === "ADMIN" && <LiveBadge feed="jobs" />}
      summary={`${counted(totalCount, "job")}, newest first`}
      actions={
        <Select
          label="Which jobs"
          choices={STATUSES}
          value={(search.get("status") ?? "") as JobStatus | ""}
          onChange={(status) => setSearch(status ? { status } : {})}
        />
      }
    >
      <JobsFeed onTurn={again} />
      {nodes.length === 0 ? (
        <Empty title="No jobs" action={search.has("status") ? null : <GuideLink />}>
          Uploads, trainings and everything else that takes time are listed here.
        </Empty>
      ) : (
        <JobTable label="Jobs" jobs={nodes} />
      )}
      <More pageInfo={pageInfo} onMore={(after) => fetchMore({ variables: { after } })} />
    </Page>
  );
}
