import { useReadQuery } from "@apollo/client/react";
import { type LoaderFunctionArgs, useLoaderData, useSearchParams } from "react-router";
import { preload } from "../../api/apollo";
import { graphql } from "../../gql";
import type { Topic } from "../../gql/graphql";
import { LiveBadge } from "../../ui/LiveBadge";
import { Page } from "../../ui/Page";
import { Stream } from "./Stream";
import { TopicFilter } from "./TopicFilter";

const LATEST = graphql(`
  query LatestEvents($topics: [Topic!]) {
    events(last: 100, topics: $topics) {
      pageInfo { endCursor startCursor hasPreviousPage }
      nodes { cursor ...EventLine_event @unmask }
    }
  }
`);

function topicsOf(search: URLSearchParams): Topic[] | null {
  const topics = search.getAll("topic") as Topic[];
  return topics.length > 0 ? topics : null;
}

export function loader({ request }: LoaderFunctionArgs) {
  const topics = topicsOf(new URL(request.url).searchParams);
  return preload(LATEST, { variables: { topics }, fetchPolicy: "network-only" });
}

export function Component() {
  const { events } = useReadQuery(useLoaderData<typeof loader>()).data;
  const [search, setSearch] = useSearchParams();
  const topics = topicsOf(search);
  return (
    <Page
      title="Activity"
      mark={<LiveBadge feed="activity" />}
      summary="Everything that happens, as it happens."
    >
      <TopicFilter topics={topics ?? []} onChange={(next) => setSearch({ topic: [...next] })} />
      <Stream
        key={`${events.pageInfo.endCursor} ${topics}`}
        past={events.nodes}
        after={events.pageInfo.endCursor ?? null}
        topics={topics}
      />
    </Page>
  );
}
