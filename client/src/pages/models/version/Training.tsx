import type { FragmentType } from "@apollo/client/masking";
import { useSuspenseFragment } from "@apollo/client/react";
import { Link } from "react-router";
import { graphql } from "../../../gql";
import type { Training_VersionFragment } from "../../../gql/graphql";
import { Card } from "../../../ui/Card";
import { Facts } from "../../../ui/Facts";
import { Moment } from "../../../ui/Moment";
import { bytes, count, counted, duration, plainName } from "../../../ui/words";

const TRAINING = graphql(`
  fragment Training_version on ModelVersion {
    id
    createdAt
    bytes
    labels
    manifestSha256
    job { id }
    spec {
      embedder { kind model precision }
      clusterer { kind }
      seed
      maxRows
    }
    report {
      c
      sparseView
      temperature
      embeddedRows
      cachedRows
      stages { stage seconds }
    }
  }
`);

/** How it was trained, and what that took. */
export function Training({ version: from }: { version: FragmentType<Training_VersionFragment> }) {
  const { data: version } = useSuspenseFragment({ fragment: TRAINING, from });
  const { spec, report, job } = version;
  const total = report.stages.reduce((sum, { seconds }) => sum + seconds, 0);
  return (
    <Card title="Training">
      <Facts
        facts={[
          ["made", <Moment key="made" at={version.createdAt} />],
          ["embedder", `${plainName(spec.embedder.kind)} ${modelOf(spec.embedder)}`],
          ["clusters", plainName(spec.clusterer.kind)],
          [
            "classifier",
            `regularisation ${report.c}, ${report.sparseView ? "with" : "without"} words`,
          ],
          ["temperature", report.temperature.toFixed(2)],
          ["labels", count(version.labels.length)],
          [
            "embedded",
            `${counted(report.embeddedRows, "row")}, ${count(report.cachedRows)} known before`,
          ],
          ["sample", spec.maxRows ? `at most ${counted(spec.maxRows, "row")}` : null],
          ["seed", String(spec.seed)],
          ["size", bytes(version.bytes)],
          [
            "manifest",
            <code key="sha" className="break-all">
              {version.manifestSha256.slice(0, 16)}…
            </code>,
          ],
          [
            "job",
            job && (
              <Link key="job" to={`/jobs/${job.id}`} className="text-accent underline">
                its log and stages
              </Link>
            ),
          ],
        ]}
      />
      <h3 className="mt-4 mb-1 font-semibold">Time: {duration(total)}</h3>
      <Stages stages={report.stages} />
    </Card>
  );
}

function modelOf({ kind, model }: Training_VersionFragment["spec"]["embedder"]): string {
  return kind === "SENTENCE_TRANSFORMER" || kind === "STATIC" ? `(${model})` : "";
}

function Stages({ stages }: { stages: Training_VersionFragment["report"]["stages"] }) {
  const longest = Math.max(...stages.map(({ seconds }) => seconds), 0.001);
  return (
    <ul className="flex flex-col gap-1">
      {stages.map(({ stage, seconds }) => (
        <li key={stage} className="grid grid-cols-[5.5rem_minmax(0,1fr)_4rem] items-center gap-2">
          <span>{stage}</span>
          <span aria-hidden="true" className="h-2 rounded bg-raised">
            <span
              className="block h-full rounded bg-accent"
              style={{ width: `${(100 * seconds) / longest}%` }}
            />
          </span>
          <span className="text-right text-xs tabular-nums">{duration(seconds)}</span>
        </li>
      ))}
    </ul>
  );
}
