import { clsx } from "clsx";
import type { ComponentProps } from "react";

interface TableProps extends ComponentProps<"table"> {
  /** What it lists; shown to those who cannot see it. */
  label: string;
}

/** Wider than the page, it scrolls by itself; the tab index lets the keyboard do so. */
export function Table({ label, className, ...rest }: TableProps) {
  return (
    <section
      tabIndex={0}
      aria-label={label}
      className="relative overflow-x-auto rounded-md border border-line bg-surface"
    >
      <table className={clsx("w-full border-collapse text-left", className)} {...rest} />
    </section>
  );
}

/** Figures stand below each other at the right; buttons take no more room than they need. */
type Kind = "text" | "number" | "action";

const HEADS: Record<Kind, string> = { text: "", number: "text-right", action: "" };
const CELLS: Record<Kind, string> = {
  text: "py-2 align-baseline",
  number: "py-2 text-right align-baseline tabular-nums",
  action: "w-px py-1 text-right align-middle whitespace-nowrap",
};

interface ThProps extends ComponentProps<"th"> {
  kind?: Kind;
}

/** The head of a column; that of actions is only read aloud. */
export function Th({ kind = "text", className, scope = "col", children, ...rest }: ThProps) {
  return (
    <th
      scope={scope}
      className={clsx(
        "bg-raised px-3 py-2 text-xs font-semibold whitespace-nowrap text-soft",
        HEADS[kind],
        className,
      )}
      {...rest}
    >
      {kind === "action" ? <span className="sr-only">{children}</span> : children}
    </th>
  );
}

interface TdProps extends ComponentProps<"td"> {
  kind?: Kind;
}

export function Td({ kind = "text", className, ...rest }: TdProps) {
  return <td className={clsx("border-t border-line px-3", CELLS[kind], className)} {...rest} />;
}
