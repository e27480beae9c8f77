import { clsx } from "clsx";
import type { KeyboardEvent } from "react";
import { Link, useSearchParams } from "react-router";
import { counted, percent } from "../../../../ui/words";
import { cellAddress } from "./address";
import type { Drawn } from "./drawn";
import { type Cell, darkness } from "./matrix";

interface CellLinkProps {
  cell: Cell;
  size: Drawn;
  /** Whether there is room for its number. */
  isCounted: boolean;
  isSelected: boolean;
  tabIndex: number;
  onFocus: () => void;
  onKeyDown: (event: KeyboardEvent) => void;
  hold: (link: HTMLElement | null) => void;
}

/** A cell of mistakes. */
export function CellLink({ cell, size, isCounted, isSelected, hold, ...link }: CellLinkProps) {
  const [search] = useSearchParams();
  const { actual, predicted, rows, share, row, column } = cell;
  const { side, margin } = size;
  const told = `${actual} answered as ${predicted}: ${counted(rows, "row")}, ${percent(share)}`;
  return (
    <Link
      ref={hold}
      to={cellAddress(search, cell)}
      replace
      preventScrollReset
      aria-label={told}
      title={told}
      className={clsx(
        "absolute flex items-center justify-center text-[10px] text-ink hover:outline-2 hover:outline-ink",
        isSelected && "outline-2 outline-accent",
      )}
      style={{
        left: margin + column * side + 0.5,
        top: margin + row * side + 0.5,
        width: side - 1,
        height: side - 1,
        background: `color-mix(in srgb, var(--color-bad) ${Math.round(100 * darkness(cell, isCounted))}%, var(--color-surface))`,
      }}
      {...link}
    >
      {isCounted && rows}
    </Link>
  );
}
