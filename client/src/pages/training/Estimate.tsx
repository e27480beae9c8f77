import { useQuery } from "@apollo/client/react";
import { clsx } from "clsx";
import { TriangleAlert } from "lucide-react";
import { graphql } from "../../gql";
import type {
  EmbedderKind,
  TrainingEstimate_EstimateFragment,
  TrainingSpecInput,
} from "../../gql/graphql";
import { Button } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { Facts } from "../../ui/Facts";
import { Failure, Loading } from "../../ui/States";
import { useSettled } from "../../ui/useSettled";
import { bytes, counted, duration, percent } from "../../ui/words";

const PAUSE_MS = 400;
/** Of fewer a share says nothing. */
const ENOUGH_JOBS = 5;

const ESTIMATE = graphql(`
  query EstimateTraining($version: ID!, $spec: TrainingSpecInput!) {
    estimateTraining(datasetVersionId: $version, spec: $spec) {
      ...TrainingEstimate_estimate @unmask
    }
  }

  fragment TrainingEstimate_estimate on TrainingEstimate {
    seconds { p50 p90 }
    peakBytes
    rowsToEmbed
    rowsCached
    refusal { code message }
    warnings { code message embedder { kind } }
    accuracy { jobs withinP90 }
  }
`);

interface EstimateProps {
  version: string;
  /** Undefined while the form cannot be sent. */
  spec: TrainingSpecInput | undefined;
  /** Takes over an embedder that fits the data better. */
  onEmbedder: (kind: EmbedderKind) => void;
}

/** What the training would take, asked anew as the form changes; the last word stays until then. */
export function Estimate({ version, spec, onEmbedder }: EstimateProps) {
  const settled = useSettled(JSON.stringify(spec), PAUSE_MS);
  const { data, previousData, error, loading, refetch } = useQuery(ESTIMATE, {
    variables: { version, spec: settled ? (JSON.parse(settled) as TrainingSpecInput) : {} },
    skip: !settled,
    fetchPolicy: "cache-first",
  });
  const shown = (data ?? previousData)?.estimateTraining;
  const isOld = loading || !data;
  return (
    <Card title="Before it starts">
      {error && !shown && <Failure error={error} onRetry={() => refetch()} />}
      {error && shown && <Failure error={error} />}
      {!shown && !error && <Loading lines={3} />}
      {shown && !error && (
        <div aria-live="polite" aria-busy={isOld} className={clsx(isOld && "opacity-60")}>
          <Figures estimate={shown} />
          <Warnings warnings={shown.warnings} onEmbedder={onEmbedder} />
        </div>
      )}
    </Card>
  );
}

function Figures({ estimate }: { estimate: TrainingEstimate_EstimateFragment }) {
  const { seconds, peakBytes, rowsToEmbed, rowsCached, refusal, accuracy } = estimate;
  return (
    <>
      {refusal && (
        <p role="alert" className="mb-3 rounded-md bg-bad-soft p-3 text-bad">
          {refusal.message}
        </p>
      )}
      <p className="mb-3">
        <span className="text-2xl font-semibold">{duration(seconds.p50)}</span>
        <span className="text-soft"> likely, nine in ten within {duration(seconds.p90)}</span>
      </p>
      <Facts
        facts={[
          ["memory", `${bytes(peakBytes)} at most`],
          ["to embed", counted(rowsToEmbed, "row")],
          ["known already", rowsCached ? counted(rowsCached, "row") : null],
          ["so far", held(accuracy)],
        ]}
      />
    </>
  );
}

/** How such estimates have done; nothing before there were any. */
function held({ jobs, withinP90 }: TrainingEstimate_EstimateFragment["accuracy"]): string | null {
  if (jobs < ENOUGH_JOBS || withinP90 === null) return null;
  return `${percent(withinP90)} of the latest ${counted(jobs, "job")} held their estimate`;
}

function Warnings({
  warnings,
  onEmbedder,
}: {
  warnings: TrainingEstimate_EstimateFragment["warnings"];
  onEmbedder: (kind: EmbedderKind) => void;
}) {
  return warnings.map(({ code, message, embedder }) => (
    <div key={code} className="mt-3 flex gap-2 rounded-md bg-warn-soft p-3 text-warn">
      <TriangleAlert aria-hidden="true" className="size-5 shrink-0" />
      <div className="flex flex-col items-start gap-2">
        <p>{message}</p>
        {embedder && (
          <Button onClick={() => onEmbedder(embedder.kind)}>Use what fits better</Button>
        )}
      </div>
    </div>
  ));
}
