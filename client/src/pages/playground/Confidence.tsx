import { clsx } from "clsx";
import { percent } from "../../ui/words";

interface ConfidenceProps {
  scores: readonly { label: string; probability: number }[];
  /** Of those that are in the set of labels which may be right. */
  possible: readonly string[];
}

/** How probable the likeliest labels are: a table for those who cannot see the bars. */
export function Confidence({ scores, possible }: ConfidenceProps) {
  return (
    <table className="w-full table-fixed border-collapse text-left">
      <caption className="sr-only">Likeliest labels</caption>
      <thead className="sr-only">
        <tr>
          <th scope="col">Label</th>
          <th scope="col">Probability</th>
        </tr>
      </thead>
      <tbody>
        {scores.map(({ label, probability }) => (
          <tr key={label}>
            <th scope="row" className="w-1/2 py-1 pr-3 font-normal wrap-anywhere">
              {label}
            </th>
            <td className="py-1">
              <span className="flex items-center gap-2">
                <span aria-hidden="true" className="h-3 flex-1 rounded bg-raised">
                  <span
                    className={clsx(
                      "block h-full min-w-0.5 rounded",
                      possible.includes(label) ? "bg-accent" : "bg-soft",
                    )}
                    style={{ width: `${100 * probability}%` }}
                  />
                </span>
                <span className="w-14 text-right tabular-nums">{percent(probability)}</span>
              </span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
