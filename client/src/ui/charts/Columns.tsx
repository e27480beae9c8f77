import { count } from "../words";

interface ColumnsProps {
  title: string;
  /** What the heights are. */
  unit: string;
  columns: readonly { name: string; value: number }[];
}

/** A histogram; for those who cannot see it, a table. */
export function Columns({ title, unit, columns }: ColumnsProps) {
  const highest = Math.max(...columns.map(({ value }) => value), Number.MIN_VALUE);
  return (
    <figure className="mt-4">
      <figcaption className="mb-1 font-medium">{title}</figcaption>
      <div aria-hidden="true" className="flex h-28 items-end gap-px border-b border-line">
        {columns.map(({ name, value }) => (
          <div
            key={name}
            title={`${name}: ${count(value)}`}
            className="min-h-px flex-1 rounded-t-xs bg-accent"
            style={{ height: `${(100 * value) / highest}%` }}
          />
        ))}
      </div>
      <div aria-hidden="true" className="flex justify-between text-xs text-soft">
        <span>{columns[0]?.name}</span>
        <span>{columns.at(-1)?.name}</span>
      </div>
      <table className="sr-only">
        <thead>
          <tr>
            <th scope="col">{title}</th>
            <th scope="col">{unit}</th>
          </tr>
        </thead>
        <tbody>
          {columns.map(({ name, value }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{count(value)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </figure>
  );
}
