import { clsx } from "clsx";
import { ArrowDown, ArrowUp } from "lucide-react";
import { Th } from "../../../ui/Table";
import type { Order } from "./sorting";

interface SortThProps<Column extends string> {
  column: Column;
  name: string;
  order: Order<Column>;
  isName?: boolean;
  onPress: (column: Column, isName: boolean) => void;
}

/** A column's head that sorts by it. */
export function SortTh<Column extends string>(props: SortThProps<Column>) {
  const { column, name, order, isName = false, onPress } = props;
  const isBy = order.by === column;
  const Arrow = order.isDown ? ArrowDown : ArrowUp;
  return (
    <Th
      aria-sort={isBy ? (order.isDown ? "descending" : "ascending") : "none"}
      kind={isName ? "text" : "number"}
    >
      <button
        type="button"
        onClick={() => onPress(column, isName)}
        className={clsx(
          "inline-flex min-h-6 cursor-pointer items-center gap-1 hover:text-ink",
          !isName && "flex-row-reverse", // so that the name ends where its figures do
        )}
      >
        {name}
        <Arrow aria-hidden="true" className={clsx("size-3", isBy ? "opacity-100" : "opacity-0")} />
      </button>
    </Th>
  );
}
