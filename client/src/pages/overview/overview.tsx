import { useReadQuery } from "@apollo/client/react";
import { useLoaderData } from "react-router";
import { preload } from "../../api/apollo";
import { useAgain } from "../../api/useAgain";
import { graphql } from "../../gql";
import { ButtonLink } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { LiveBadge } from "../../ui/LiveBadge";
import { Page } from "../../ui/Page";
import { counted } from "../../ui/words";
import { JobsFeed } from "../jobs/JobsFeed";
import { JobTable } from "../jobs/JobTable";
import { WelcomeCard } from "../welcome/WelcomeCard";
import { PredictionRate } from "./PredictionRate";
import { Queues } from "./Queues";
import { Services } from "./Services";
import { Space } from "./Space";
import { SystemFeed } from "./SystemFeed";
import { Workers } from "./Workers";

const OVERVIEW = graphql(`
  query Overview {
    system {
      version
      ...Queues_system @unmask
      ...Services_system @unmask
      ...Space_system @unmask
      ...Workers_system @unmask
    }
    underway: jobs(first: 20, filter: { statuses: [RUNNING, CANCELLING, QUEUED] }) {
      nodes { id ...JobRow_job }
    }
    failed: jobs(first: 1, filter: { statuses: [FAILED] }) { totalCount }
  }
`);

export const loader = () => preload(OVERVIEW, { fetchPolicy: "network-only" });

export function Component() {
  const overview = useLoaderData() as ReturnType<typeof loader>;
  const again = useAgain(overview);
  const { system, underway, failed } = useReadQuery(overview).data;
  return (
    <Page
      title="Overview"
      mark={<LiveBadge feed="system" />}
      summary={`Shoal ${system.version}`}
      actions={
        failed.totalCount > 0 && (
          <ButtonLink to="/jobs?status=FAILED">
            {counted(failed.totalCount, "failed job")}
          </ButtonLink>
        )
      }
    >
      <SystemFeed />
      <WelcomeCard />
      <JobsFeed onTurn={again} />
      <Card title="Underway">
        {underway.nodes.length === 0 ? (
          <p className="text-soft">No job runs or waits.</p>
        ) : (
          <JobTable label="Jobs underway" jobs={underway.nodes} />
        )}
      </Card>
      <div className="grid gap-4 lg:grid-cols-2">
        <PredictionRate />
        <Services system={system} />
        <Workers system={system} />
        <Space system={system} />
      </div>
      <Queues system={system} />
    </Page>
  );
}
