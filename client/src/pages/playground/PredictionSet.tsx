import { Badge } from "../../ui/Badge";
import { counted, percent } from "../../ui/words";

const MOST_NAMED = 8;

interface PredictionSetProps {
  labels: readonly string[];
  /** How many labels the model knows. */
  known: number;
  coverage: number | undefined;
}

/** The labels of which one is right, as sure as the training was asked to be. */
export function PredictionSet({ labels, known, coverage }: PredictionSetProps) {
  if (labels.length === 0) return null;
  const sure = coverage === undefined ? "" : ` in ${percent(coverage)} of such cases`;
  if (labels.length === known && known > 1) {
    return <p>Any of its {counted(known, "label")} may be right.</p>;
  }
  return (
    <p className="flex flex-wrap items-center gap-1.5">
      <span>
        The right label{sure} is {labels.length === 1 ? "this one:" : "one of these:"}
      </span>
      {labels.slice(0, MOST_NAMED).map((label) => (
        <Badge key={label} tone="accent">
          {label}
        </Badge>
      ))}
      {labels.length > MOST_NAMED && <span>and {labels.length - MOST_NAMED} more</span>}
    </p>
  );
}
