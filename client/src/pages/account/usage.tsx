import { useReadQuery } from "@apollo/client/react";
import { useLoaderData } from "react-router";
import { preload } from "../../api/apollo";
import { graphql } from "../../gql";
import { ButtonLink } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { Page } from "../../ui/Page";
import { Empty } from "../../ui/States";
import { DeprecatedUses } from "./DeprecatedUses";
import { KeyShares } from "./KeyShares";
import { PointsGauge } from "./PointsGauge";
import { QuotaBars } from "./QuotaBars";
import { UsageChart } from "./UsageChart";
import { added } from "./usageDays";

const USAGE = graphql(`
  query Usage {
    rateLimit { available ...PointsGauge_rateLimit @unmask }
    viewer {
      quotas { kind ...QuotaBars_quota @unmask }
      ...DeprecatedUses_viewer @unmask
      apiKeys(first: 100) {
        nodes {
          id
          name
          usage(lastDays: 30) { day requests points predictions errors }
        }
      }
    }
  }
`);

export const loader = () => preload(USAGE, { fetchPolicy: "network-only" });

export function Component() {
  const { viewer, rateLimit } = useReadQuery(useLoaderData() as ReturnType<typeof loader>).data;
  const keys = viewer.apiKeys.nodes;
  return (
    <Page title="My usage" summary="What you may have and do, and how much of it is used.">
      <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-2">
        <Card title="Quotas">
          <QuotaBars quotas={viewer.quotas} />
        </Card>
        <PointsGauge rateLimit={rateLimit} />
      </div>
      {keys.length === 0 ? (
        <Card title="Use by day">
          <Empty
            title="No program asks in your name"
            action={<ButtonLink to="/keys">To your keys</ButtonLink>}
          >
            What API keys use is counted here, day by day.
          </Empty>
        </Card>
      ) : (
        <>
          <UsageChart title="All keys by day" used={added(keys.map(({ usage }) => usage))} />
          <KeyShares keys={keys} />
        </>
      )}
      <DeprecatedUses viewer={viewer} />
    </Page>
  );
}
