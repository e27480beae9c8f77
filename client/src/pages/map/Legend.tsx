import { useMemo } from "react";
import { count } from "../../ui/words";
import type { MapEngine } from "./engine";
import { COLOURINGS, type Colouring } from "./paint";
import { colourOf, glyphOf, type Scheme } from "./palette";

interface LegendProps {
  engine: MapEngine;
  colouring: Colouring;
  scheme: Scheme;
  loaded: number;
  settled: number;
}

/** What the colours mean, with how many points have each. */
export function Legend({ engine, colouring, scheme, loaded, settled }: LegendProps) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: points come and move by themselves
  const entries = useMemo(() => engine.legend(colouring), [engine, colouring, loaded, settled]);
  const name = COLOURINGS.find(({ value }) => value === colouring)?.label;
  return (
    <section
      tabIndex={0}
      aria-label={`Colours: ${name}`}
      className="mt-3 max-h-28 overflow-y-auto rounded-md border border-line p-2"
    >
      <ul className="flex flex-wrap gap-x-4 gap-y-1 text-xs">
        {entries.map((entry) => (
          <li key={entry.name} className="flex items-center gap-1.5">
            <span aria-hidden="true" style={{ color: colourOf(entry.paint, scheme) }}>
              {glyphOf(entry.paint)}
            </span>
            {entry.name}
            <span className="text-soft tabular-nums">{count(entry.count)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
