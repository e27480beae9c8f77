import { useApolloClient, useFragment } from "@apollo/client/react";
import { Link } from "react-router";
import { useFeed } from "../../api/useFeed";
import { graphql } from "../../gql";
import type { EventKind } from "../../gql/graphql";
import { Progress } from "../../ui/Progress";
import { complain, note } from "../../ui/toast";
import { plainName } from "../../ui/words";
import { isOver } from "../jobs/isOver";

const EVENTS = graphql(`
  subscription RunningJobFeed($id: ID!, $after: String) {
    jobEvents(id: $id, after: $after) {
      __typename
      ... on JobSnapshot { cursor job { id status ...RunningJob_job } }
      ... on ActivityEvent { cursor kind job { ...RunningJob_job } }
      ... on CaughtUp { cursor }
      ... on Gap { fromCursor toCursor }
      ... on Heartbeat { cursor }
    }
  }
`);

const JOB = graphql(`
  fragment RunningJob_job on Job {
    id
    kind
    status
    progress
    waitingFor { message }
    failure { message }
  }
`);

const ENDS: ReadonlySet<EventKind> = new Set(["JOB_SUCCEEDED", "JOB_FAILED", "JOB_CANCELLED"]);

/** One job at work, live; what it changed is read anew when it ends. */
export function RunningJob({ id }: { id: string }) {
  const client = useApolloClient();
  const { data: job, complete } = useFragment({
    fragment: JOB,
    from: { __typename: "Job", id },
  });

  useFeed(EVENTS, {
    feed: `job ${id}`,
    variables: { id },
    onItem: ({ jobEvents: item }) => {
      // it may have ended while the page was on its way: then no event comes any more
      if (item.__typename === "JobSnapshot" && item.job && isOver(item.job.status))
        client.refetchQueries({ include: "active" });
      if (item.__typename !== "ActivityEvent" || !ENDS.has(item.kind)) return;
      client.refetchQueries({ include: "active" });
      if (item.kind === "JOB_SUCCEEDED") note(`The ${name} is done`);
      if (item.kind === "JOB_FAILED") complain(`The ${name} failed; its page says why.`);
    },
  });

  const name = complete ? `${plainName(job.kind)} job` : "job";
  return (
    <li className="flex flex-wrap items-center gap-3 rounded-md border border-line bg-surface px-4 py-2">
      <Link to={`/jobs/${id}`} className="font-medium text-accent hover:underline">
        {name}
      </Link>
      <span className="min-w-32 flex-1">
        <Progress label={`Progress of the ${name}`} share={complete ? job.progress : null} />
      </span>
      <span className="text-soft">
        {complete && (job.waitingFor?.message ?? plainName(job.status))}
      </span>
    </li>
  );
}
