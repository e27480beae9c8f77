import { COUNTED_FROM_PX, type Drawn, short } from "./drawn";
import { darkness, type Matrix } from "./matrix";

interface GridProps {
  matrix: Matrix;
  size: Drawn;
  selected: { actual: string; predicted: string } | undefined;
}

/** The labels and the diagonal of a matrix. The table by label says the same to every reader. */
export function Grid({ matrix: { labels, cells }, size, selected }: GridProps) {
  const { side, margin, extent } = size;
  const isCounted = side >= COUNTED_FROM_PX;
  const look = (isIt: boolean) => (isIt ? "fill-accent font-semibold" : "fill-soft");
  return (
    <svg
      aria-hidden="true"
      width={extent}
      height={extent}
      dominantBaseline="central"
      className="absolute inset-0 text-[10px]"
    >
      <rect
        x={margin}
        y={margin}
        width={side * labels.length}
        height={side * labels.length}
        className="fill-raised/40 stroke-line"
      />
      {labels.map((label, place) => {
        const middle = margin + (place + 0.5) * side;
        return (
          <g key={label}>
            <text
              x={margin - 6}
              y={middle}
              textAnchor="end"
              className={look(selected?.actual === label)}
            >
              {short(label)}
            </text>
            <text
              transform={`translate(${middle} ${margin - 6}) rotate(-90)`}
              className={look(selected?.predicted === label)}
            >
              {short(label)}
            </text>
          </g>
        );
      })}
      {cells
        .filter(({ isRight }) => isRight)
        .map((cell) => (
          <g key={cell.row}>
            <rect
              x={margin + cell.column * side + 0.5}
              y={margin + cell.row * side + 0.5}
              width={side - 1}
              height={side - 1}
              fillOpacity={darkness(cell, isCounted)}
              className="fill-good"
            />
            {isCounted && (
              <text
                x={margin + (cell.column + 0.5) * side}
                y={margin + (cell.row + 0.5) * side}
                textAnchor="middle"
                className="fill-ink"
              >
                {cell.rows}
              </text>
            )}
          </g>
        ))}
    </svg>
  );
}
