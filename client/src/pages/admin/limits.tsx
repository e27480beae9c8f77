import { useQueryRefHandlers, useReadQuery } from "@apollo/client/react";
import { useLoaderData } from "react-router";
import { preload } from "../../api/apollo";
import { graphql } from "../../gql";
import { LiveBadge } from "../../ui/LiveBadge";
import { More } from "../../ui/More";
import { Page } from "../../ui/Page";
import { PointsGauge } from "../account/PointsGauge";
import { Queues } from "../overview/Queues";
import { Space } from "../overview/Space";
import { SystemFeed } from "../overview/SystemFeed";
import { DefaultQuotas } from "./DefaultQuotas";
import { UserQuotas } from "./UserQuotas";

const LIMITS = graphql(`
  query Limits($after: String) {
    rateLimit { available ...PointsGauge_rateLimit @unmask }
    system {
      at
      ...Queues_system @unmask
      ...Space_system @unmask
    }
    users(first: 50, after: $after) {
      pageInfo { hasNextPage endCursor }
      nodes {
        id
        name
        quotas { kind limit isDefault used }
      }
    }
  }
`);

export const loader = () => preload(LIMITS, { fetchPolicy: "network-only" });

export function Component() {
  const limits = useLoaderData() as ReturnType<typeof loader>;
  const { fetchMore } = useQueryRefHandlers(limits);
  const { system, users, rateLimit } = useReadQuery(limits).data;
  return (
    <Page
      title="Limits"
      mark={<LiveBadge feed="system" />}
      summary="What users may have and do, and how much may run at once."
    >
      <SystemFeed />
      <UserQuotas users={users.nodes} />
      <More pageInfo={users.pageInfo} onMore={(after) => fetchMore({ variables: { after } })} />
      <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-2">
        <DefaultQuotas users={users.nodes} />
        <PointsGauge rateLimit={rateLimit} />
      </div>
      <Queues system={system} />
      <Space system={system} />
    </Page>
  );
}
