import { axisFor, placeOn } from "../../../ui/charts/scale";
import { interval } from "./figures";

interface Span {
  value: number;
  low: number;
  high: number;
}

interface IntervalsProps {
  /** What is measured. */
  label: string;
  rows: readonly { name: string; span: Span }[];
  /** Draws a line at nought. */
  hasNought?: true;
}

/** Figures with the ranges that they may lie in, above each other on one scale. */
export function Intervals({ label, rows, hasNought }: IntervalsProps) {
  const ends = rows.flatMap(({ span }) => [span.low, span.high]);
  const axis = axisFor(hasNought ? [...ends, 0] : ends);
  return (
    <table className="w-full border-collapse text-left" aria-label={label}>
      <tbody>
        {rows.map(({ name, span }) => (
          <tr key={name}>
            <th scope="row" className="w-28 py-1.5 pr-3 font-normal">
              {name}
            </th>
            <td className="py-1.5">
              <span aria-hidden="true" className="relative block h-4 min-w-24 rounded bg-raised">
                {hasNought && (
                  <span
                    className="absolute inset-y-0 w-px bg-soft"
                    style={{ left: `${placeOn(axis, 0)}%` }}
                  />
                )}
                <span
                  className="absolute inset-y-1 rounded bg-accent opacity-40"
                  style={{
                    left: `${placeOn(axis, span.low)}%`,
                    right: `${100 - placeOn(axis, span.high)}%`,
                  }}
                />
                <span
                  className="absolute inset-y-0.5 w-1 -translate-x-1/2 rounded bg-accent"
                  style={{ left: `${placeOn(axis, span.value)}%` }}
                />
              </span>
            </td>
            <td className="w-px py-1.5 pl-3 text-right whitespace-nowrap tabular-nums">
              {interval(span, hasNought)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
