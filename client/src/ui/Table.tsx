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

export function Th({ className, scope = "col", ...rest }: ComponentProps<"th">) {
  return (
    <th
      scope={scope}
      className={clsx("bg-raised px-3 py-2 text-xs font-semibold text-soft", className)}
      {...rest}
    />
  );
}

export function Td({ className, ...rest }: ComponentProps<"td">) {
  return <td className={clsx("border-t border-line px-3 py-2 align-top", className)} {...rest} />;
}
