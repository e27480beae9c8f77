import { clsx } from "clsx";
import { type Part, pieces } from "../../ui/pieces";
import { signed } from "./weights";

interface Weighed extends Part {
  weight: number;
}

/** Below it a part hardly counts and stays unmarked, so that the others are seen. */
const LEAST = 0.05;

/** The text with what counted for the label, and what against it: by colour, line and figure. */
export function WeighedText({ text, parts }: { text: string; parts: readonly Weighed[] }) {
  const counted = parts.filter(({ weight }) => Math.abs(weight) >= LEAST);
  const shown = pieces(text, counted, ({ weight }) => Math.abs(weight));
  return (
    <figure className="min-w-0">
      <p className="rounded-md border border-line p-3 leading-7 break-words whitespace-pre-wrap">
        {shown.map(({ text: words, start, part }) =>
          part ? (
            <mark
              key={start}
              className={clsx(
                "rounded border-b-2 px-0.5",
                part.weight > 0
                  ? "border-good bg-good-soft text-good"
                  : "border-dashed border-bad bg-bad-soft text-bad",
              )}
            >
              {words}
              <span className="pl-0.5 text-xs tabular-nums">{signed(part.weight)}</span>
            </mark>
          ) : (
            <span key={start}>{words}</span>
          ),
        )}
      </p>
      <figcaption className="mt-1 text-xs text-soft">
        Green with + speaks for the label, red with − against it; +0.7 makes it twice as likely.
      </figcaption>
    </figure>
  );
}
