import { count as inWords, percent } from "../words";

interface Bar {
  name: string;
  value: number;
}

interface BarsProps {
  /** What is counted, such as "rows". */
  of: string;
  bars: readonly Bar[];
  /** Of the whole, for the share behind each figure. */
  total: number;
}

/** Names with bars as long as their figures: a table for those who cannot see the bars. */
export function Bars({ of, bars, total }: BarsProps) {
  const longest = Math.max(1, ...bars.map(({ value }) => value));
  return (
    <table className="w-full border-collapse text-left">
      <thead className="sr-only">
        <tr>
          <th scope="col">Name</th>
          <th scope="col">{of}</th>
        </tr>
      </thead>
      <tbody>
        {bars.map(({ name, value }) => (
          <tr key={name}>
            <th scope="row" className="w-2/5 py-1 pr-3 font-normal wrap-anywhere">
              {name}
            </th>
            <td className="py-1">
              <span className="flex items-center gap-2">
                <span aria-hidden="true" className="h-3 flex-1 rounded bg-raised">
                  {value > 0 && (
                    <span
                      className="block h-full min-w-0.5 rounded bg-accent"
                      style={{ width: `${(100 * value) / longest}%` }}
                    />
                  )}
                </span>
                <span className="w-24 text-right text-xs whitespace-nowrap tabular-nums">
                  {inWords(value)} <span className="text-soft">{percent(value / total || 0)}</span>
                </span>
              </span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
