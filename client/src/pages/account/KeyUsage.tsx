import type { FragmentType } from "@apollo/client/masking";
import { useSuspenseFragment } from "@apollo/client/react";
import { graphql } from "../../gql";
import type { KeyUsage_KeyFragment } from "../../gql/graphql";
import { UsageChart } from "./UsageChart";

const USAGE = graphql(`
  fragment KeyUsage_key on ApiKey {
    id
    usage(lastDays: 30) { day requests points predictions errors }
  }
`);

/** What one key used, by day. */
export function KeyUsage({ apiKey: from }: { apiKey: FragmentType<KeyUsage_KeyFragment> }) {
  const { data: key } = useSuspenseFragment({ fragment: USAGE, from });
  return <UsageChart title="Use by day" used={key.usage} />;
}
