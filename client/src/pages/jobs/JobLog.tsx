import { clsx } from "clsx";
import { useRef, useState } from "react";
import { useSearchParams } from "react-router";
import { useFeed } from "../../api/useFeed";
import { graphql } from "../../gql";
import type { JobLogSubscription, LogLevel } from "../../gql/graphql";
import { Card } from "../../ui/Card";
import { LiveBadge } from "../../ui/LiveBadge";
import { Select } from "../../ui/Select";
import { withLines } from "./logLines";

const LOG = graphql(`
  subscription JobLog($id: ID!, $after: String) {
    jobLog(id: $id, after: $after) {
      __typename
      ... on LogLine { cursor at level stage message }
      ... on CaughtUp { cursor }
      ... on Gap { fromCursor toCursor }
      ... on Heartbeat { cursor }
    }
  }
`);

type Line = Extract<JobLogSubscription["jobLog"], { __typename: "LogLine" }>;

const LEVELS: readonly LogLevel[] = ["INFO", "WARNING", "ERROR"];
const LOOKS: Record<LogLevel, string> = {
  INFO: "text-ink",
  WARNING: "text-warn",
  ERROR: "text-bad",
};
const FLUSH_MS = 100;

/** What a job's stages say, line by line as they say it; the same after the job has ended. */
export function JobLog({ id }: { id: string }) {
  const [lines, setLines] = useState<readonly Line[]>([]);
  const [hasGap, setGap] = useState(false);
  const [search, setSearch] = useSearchParams();
  const waiting = useRef<Line[]>([]);
  const feed = `log ${id}`;
  const level = (search.get("level") ?? "INFO") as LogLevel;

  // A log may bring thousands of lines at once: they are drawn ten times a second, not each.
  function take(line: Line) {
    if (waiting.current.push(line) > 1) return;
    setTimeout(() => {
      const more = waiting.current;
      waiting.current = [];
      setLines((known) => withLines(known, more));
    }, FLUSH_MS);
  }

  useFeed(LOG, {
    feed,
    variables: { id },
    onItem: ({ jobLog: item }) => {
      if (item.__typename === "LogLine") take(item);
      if (item.__typename === "Gap") setGap(true);
    },
  });

  const shown = lines.filter((line) => LEVELS.indexOf(line.level) >= LEVELS.indexOf(level));
  return (
    <Card
      title="Log"
      actions={
        <>
          <LiveBadge feed={feed} endsWell />
          <div className="w-32">
            <Select
              label="From which level on"
              choices={LEVELS.map((value) => ({ value, label: value.toLowerCase() }))}
              value={level}
              onChange={(value) => setSearch({ level: value }, { replace: true })}
            />
          </div>
        </>
      }
    >
      {hasGap && <p className="mb-2 text-warn">Some lines are no longer kept.</p>}
      <section
        aria-label="Lines of the log"
        tabIndex={0}
        className="flex max-h-96 flex-col-reverse overflow-auto rounded-md bg-raised p-3 font-mono text-xs"
      >
        <ol>
          {shown.map((line) => (
            <li key={line.cursor} className={clsx("break-words", LOOKS[line.level])}>
              <time dateTime={line.at}>{new Date(line.at).toLocaleTimeString()}</time>{" "}
              <span className="text-soft">{line.stage}</span> {line.message}
            </li>
          ))}
        </ol>
        {shown.length === 0 && <p className="text-soft">Nothing was said yet.</p>}
      </section>
    </Card>
  );
}
