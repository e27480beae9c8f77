import { clsx } from "clsx";
import { Progress } from "../../../ui/Progress";
import { bytes, counted } from "../../../ui/words";
import type { PartProgress, PartState } from "../upload/parts";

const LOOKS: Record<PartState, string> = {
  waiting: "bg-raised",
  sending: "bg-accent animate-pulse",
  retrying: "bg-warn",
  sent: "bg-good",
};

/** Every part as a cell, and those under way with bars of their own. */
export function PartsProgress({ parts }: { parts: readonly PartProgress[] }) {
  const sent = parts.filter(({ state }) => state === "sent").length;
  const moving = parts.filter(({ state }) => state === "sending" || state === "retrying");
  return (
    <div className="flex flex-col gap-2">
      <p className="text-xs text-soft">
        {sent} of {counted(parts.length, "part")} sent
      </p>
      <div aria-hidden="true" className="flex flex-wrap gap-0.5">
        {parts.map(({ number, state }) => (
          <span key={number} className={clsx("h-3 w-3 rounded-xs", LOOKS[state])} />
        ))}
      </div>
      <ul className="grid gap-2 sm:grid-cols-2">
        {moving.map(({ number, size, bytes: gone, state }) => (
          <li key={number}>
            <span className="text-xs text-soft">
              Part {number}: {bytes(gone)} of {bytes(size)}
              {state === "retrying" && ", tried again in a moment"}
            </span>
            <Progress label={`Part ${number}`} share={size ? gone / size : 1} />
          </li>
        ))}
      </ul>
    </div>
  );
}
