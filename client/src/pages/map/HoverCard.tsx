import type { Hover } from "./engine";

const FAR_RIGHT_PX = 260;

/** The text under the pointer. */
export function HoverCard({ hover: { px, py, text, cluster, label, told } }: { hover: Hover }) {
  return (
    <div
      data-hover
      className="pointer-events-none absolute z-10 w-64 max-w-[80%] rounded-md border border-line bg-surface p-2 text-xs shadow-lg"
      style={{ left: Math.max(0, px - (px > FAR_RIGHT_PX ? FAR_RIGHT_PX : -12)), top: py + 14 }}
    >
      <p className="break-words">{text}</p>
      <p className="mt-1 text-soft">{[label, cluster, told].filter(Boolean).join(" · ")}</p>
    </div>
  );
}
