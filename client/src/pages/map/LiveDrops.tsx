import { useApolloClient } from "@apollo/client/react";
import { useRef, useState } from "react";
import { useFeed } from "../../api/useFeed";
import { graphql } from "../../gql";
import { complain } from "../../ui/toast";
import { type Drop, unseen } from "./drops";
import type { MapEngine } from "./engine";

const ANSWERS = graphql(`
  subscription MapFeed($after: String, $modelId: ID) {
    predictionFeed(after: $after, modelId: $modelId) {
      __typename
      ... on ActivityEvent { cursor kind }
      ... on CaughtUp { cursor }
      ... on Gap { fromCursor toCursor }
      ... on Heartbeat { cursor }
    }
  }
`);
const LATEST = graphql(`
  query LatestAnswers($modelId: ID!, $since: DateTime!) {
    predictions(first: 64, filter: { modelId: $modelId, since: $since }) {
      nodes { id text label }
    }
  }
`);
const PLACE = graphql(`
  query PlaceAnswers($input: PlaceTextsInput!) {
    placeTexts(input: $input) {
      places { text x y cluster { id name } }
      userErrors { message code path }
    }
  }
`);

/** An answer is told of before it is written down; and a pause makes one batch of many. */
const PAUSE_MS = 500;
const TRIES = 6;

interface LiveDropsProps {
  engine: MapEngine;
  modelId: string;
  versionId: string;
}

/** Puts what the model is asked onto the map, as it is asked; one batch at a time. */
export function LiveDrops({ engine, modelId, versionId }: LiveDropsProps) {
  const client = useApolloClient();
  const seen = useRef(new Set<string>());
  const since = useRef(new Date().toISOString());
  const work = useRef({ isBusy: false, isMore: false });
  const [last, setLast] = useState<Drop>();

  /** Whether there was something new. */
  async function place(): Promise<boolean> {
    const { data } = await client.query({
      query: LATEST,
      variables: { modelId, since: since.current },
      fetchPolicy: "no-cache",
    });
    const fresh = unseen(data?.predictions.nodes ?? [], seen.current);
    if (fresh.length === 0) return false;
    const placed = await client.query({
      query: PLACE,
      variables: { input: { model: versionId, texts: fresh.map(({ text }) => text) } },
      fetchPolicy: "no-cache",
    });
    const drops = (placed.data?.placeTexts.places ?? []).map(({ text, x, y, cluster }, at) => ({
      text,
      x,
      y,
      label: fresh[at]?.label ?? "",
      cluster: cluster?.name ?? "",
    }));
    engine.drop(drops);
    setLast(drops[0]);
    return true;
  }

  /** What arrives meanwhile waits for the next batch. */
  async function batch() {
    work.current.isMore = true;
    if (work.current.isBusy) return;
    work.current.isBusy = true;
    try {
      while (work.current.isMore) {
        work.current.isMore = false;
        let isPlaced = false;
        for (let tries = 0; tries < TRIES && !isPlaced; tries += 1) {
          await new Promise((resume) => setTimeout(resume, PAUSE_MS));
          isPlaced = await place();
        }
      }
    } catch (error) {
      complain(error);
    } finally {
      work.current.isBusy = false;
    }
  }

  useFeed(ANSWERS, {
    feed: "map",
    variables: { modelId },
    onItem: ({ predictionFeed: item }) => {
      if (item.__typename === "ActivityEvent" || item.__typename === "Gap") batch();
    },
  });
  return (
    <p role="status" className="min-h-4 truncate text-xs text-soft">
      {last &&
        `Just asked: “${last.text}” is ${last.label}${last.cluster && `, by ${last.cluster}`}`}
    </p>
  );
}
