import { Badge } from "../../ui/Badge";
import { percent } from "../../ui/words";

interface Neighbour {
  row: number;
  text: string;
  label: string | null;
  cosine: number;
  name: string | null;
  identity: number | null;
}

interface NeighboursProps {
  title: string;
  rows: readonly Neighbour[];
}

/** Training rows near a text, the nearest first. */
export function Neighbours({ title, rows }: NeighboursProps) {
  if (rows.length === 0) return null;
  return (
    <section className="min-w-0">
      <h3 className="mb-1 font-medium">{title}</h3>
      <ol className="flex flex-col divide-y divide-line rounded-md border border-line">
        {rows.map(({ row, name, text, label, cosine, identity }) => (
          <li key={row} className="flex flex-wrap items-center gap-x-3 gap-y-1 px-3 py-1.5">
            <span className="line-clamp-2 min-w-40 flex-1 break-words">{name ?? text}</span>
            {label && <Badge>{label}</Badge>}
            <span className="text-xs whitespace-nowrap text-soft tabular-nums">
              {percent(cosine)} alike
              {identity !== null && `, ${percent(identity)} identical`}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
