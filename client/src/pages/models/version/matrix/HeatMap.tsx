import { type KeyboardEvent, useRef, useState } from "react";
import { CellLink } from "./CellLink";
import { COUNTED_FROM_PX, drawn } from "./drawn";
import { Grid } from "./Grid";
import { isStep, type Matrix, stepped } from "./matrix";

interface HeatMapProps {
  matrix: Matrix;
  selected: { actual: string; predicted: string } | undefined;
}

/** Right labels down, given labels across. Each cell of mistakes is a link to its rows. */
export function HeatMap({ matrix, selected }: HeatMapProps) {
  const { labels } = matrix;
  const wrong = matrix.cells.filter(({ isRight }) => !isRight);
  const [at, setAt] = useState(0);
  const links = useRef(new Map<number, HTMLElement>());
  const size = drawn(labels);

  function walk(event: KeyboardEvent) {
    if (!isStep(event.key)) return;
    event.preventDefault();
    links.current.get(stepped(wrong, at, event.key))?.focus();
  }

  return (
    <section
      aria-label={`Confusion matrix of ${labels.length} labels; the arrow keys go from cell to cell`}
      className="overflow-auto"
    >
      <div className="relative" style={{ width: size.extent, height: size.extent }}>
        <Grid matrix={matrix} size={size} selected={selected} />
        {wrong.map((cell, place) => (
          <CellLink
            key={`${cell.row} ${cell.column}`}
            cell={cell}
            size={size}
            isCounted={size.side >= COUNTED_FROM_PX}
            isSelected={selected?.actual === cell.actual && selected.predicted === cell.predicted}
            tabIndex={place === Math.min(at, wrong.length - 1) ? 0 : -1}
            onFocus={() => setAt(place)}
            onKeyDown={walk}
            hold={(link) => {
              if (link) links.current.set(place, link);
              else links.current.delete(place);
            }}
          />
        ))}
      </div>
    </section>
  );
}
