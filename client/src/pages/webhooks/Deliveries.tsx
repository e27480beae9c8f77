import { useQuery } from "@apollo/client/react";
import { type ReactNode, useState } from "react";
import { useSearchParams } from "react-router";
import { graphql } from "../../gql";
import type { DeliveryStatus } from "../../gql/graphql";
import { Card } from "../../ui/Card";
import { More } from "../../ui/More";
import { Select } from "../../ui/Select";
import { Empty, Failure, Loading } from "../../ui/States";
import { DeliveryItem } from "./DeliveryItem";

const DELIVERIES = graphql(`
  query Deliveries($id: ID!, $filter: DeliveryFilter, $after: String) {
    webhook(id: $id) {
      id
      failingSince
      deliveredAt
      isFollowed
      deliveries(first: 20, after: $after, filter: $filter) {
        pageInfo { hasNextPage endCursor }
        nodes { id ...DeliveryItem_delivery }
      }
    }
  }
`);

const STATUSES: readonly { value: DeliveryStatus | ""; label: string }[] = [
  { value: "", label: "All deliveries" },
  { value: "PENDING", label: "Waiting" },
  { value: "DELIVERED", label: "Arrived" },
  { value: "FAILED", label: "Failed" },
];
const POLL_MS = 3_000;

interface DeliveriesProps {
  webhookId: string;
  actions: ReactNode;
}

/** What was sent or is to be. There is no feed of it, so its first page is asked for anew. */
export function Deliveries({ webhookId: id, actions }: DeliveriesProps) {
  const [search, setSearch] = useSearchParams();
  const status = STATUSES.find(({ value }) => value === search.get("status"))?.value ?? "";
  // Asked for anew, a list that is longer would be short again.
  const [longList, setLongList] = useState<string>();
  const { data, error, fetchMore, refetch } = useQuery(DELIVERIES, {
    variables: { id, filter: status ? { status } : null },
    fetchPolicy: "cache-and-network",
    pollInterval: longList === status ? 0 : POLL_MS,
    skipPollAttempt: () => document.hidden,
  });
  const list = data?.webhook?.deliveries;

  async function more(after: string | null) {
    setLongList(status);
    await fetchMore({ variables: { after } });
  }

  return (
    <Card
      title="Deliveries"
      actions={
        <>
          <div className="w-40">
            <Select
              label="Which deliveries"
              choices={STATUSES}
              value={status}
              onChange={(next) =>
                setSearch(next ? { status: next } : {}, { preventScrollReset: true })
              }
            />
          </div>
          {actions}
        </>
      }
    >
      {error && !list && <Failure error={error} onRetry={() => refetch()} />}
      {!error && !list && <Loading />}
      {list?.nodes.length === 0 && (
        <Empty title="Nothing was sent">
          Events are sent from when the webhook was made. A test shows what that looks like.
        </Empty>
      )}
      <ul aria-label="Deliveries" className="flex flex-col">
        {list?.nodes.map((delivery) => (
          <DeliveryItem
            key={delivery.id}
            delivery={delivery}
            onResent={() => setLongList(undefined)}
          />
        ))}
      </ul>
      {list && <More pageInfo={list.pageInfo} onMore={more} />}
    </Card>
  );
}
