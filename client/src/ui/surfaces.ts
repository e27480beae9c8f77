/** What every popup looks like. */
export const BACKDROP =
  "fixed inset-0 bg-black/50 transition-opacity data-ending-style:opacity-0 data-starting-style:opacity-0";
export const DIALOG =
  "fixed top-1/2 left-1/2 flex max-h-[calc(100dvh-3rem)] w-lg max-w-[calc(100vw-2rem)] -translate-x-1/2 -translate-y-1/2 flex-col gap-4 overflow-auto rounded-lg border border-line bg-surface p-5 shadow-xl";
export const POPUP =
  "max-h-(--available-height) min-w-(--anchor-width) overflow-y-auto rounded-md border border-line bg-surface p-1 shadow-lg outline-none";
export const ITEM =
  "flex cursor-default items-center gap-2 rounded px-3 py-1.5 outline-none select-none data-disabled:opacity-50 data-highlighted:bg-accent-soft data-highlighted:text-accent";
export const CONTROL =
  "min-h-8 w-full rounded-md border border-line bg-surface px-2.5 py-1 text-ink placeholder:text-soft disabled:opacity-50 aria-invalid:border-bad data-invalid:border-bad";
