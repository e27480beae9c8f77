import { percent } from "../../../ui/words";
import { places } from "./gain";

interface GainIntervalProps {
  value: number;
  low: number;
  high: number;
  level: number;
}

/** A gain and where it may lie; what is left of the line would be a loss. */
export function GainInterval({ value, low, high, level }: GainIntervalProps) {
  const at = places({ value, low, high });
  return (
    <figure>
      <figcaption className="mb-1">
        <strong>{signed(value)}</strong> accuracy; with {percent(level)} confidence between{" "}
        {signed(low)} and {signed(high)}
      </figcaption>
      <div aria-hidden="true" className="relative h-6 max-w-xl rounded bg-raised">
        <span
          className="absolute top-2 h-2 rounded-full bg-accent"
          style={{ left: `${at.low}%`, width: `${Math.max(0.5, at.high - at.low)}%` }}
        />
        <span className="absolute top-0 h-6 w-px bg-ink" style={{ left: `${at.zero}%` }} />
        <span
          className="absolute top-1 size-4 -translate-x-1/2 rounded-full border-2 border-surface bg-accent"
          style={{ left: `${at.value}%` }}
        />
      </div>
    </figure>
  );
}

function signed(share: number): string {
  return `${share > 0 ? "+" : ""}${percent(share)}`;
}
