import { clsx } from "clsx";
import type { ReactNode } from "react";
import { type Axis, placeOn } from "./scale";

type Point = readonly [x: number, y: number];

interface Line {
  name: string;
  points: readonly Point[];
  /** A class that colours the stroke, such as "stroke-accent". */
  look: string;
  isDashed?: boolean;
}

interface Dot {
  key: string;
  at: Point;
  /** Shown on hover. */
  title: string;
  look: string;
  /** Across, in pixels. */
  size?: number;
}

interface Bar {
  key: string;
  from: number;
  to: number;
  height: number;
  look: string;
}

interface PlotProps {
  /** What it shows, in a sentence: for those who cannot see it. */
  label: string;
  x: Axis;
  y: Axis;
  xName: string;
  yName: string;
  xText?: (value: number) => string;
  yText?: (value: number) => string;
  bars?: readonly Bar[];
  lines?: readonly Line[];
  dots?: readonly Dot[];
  className?: string;
  /** The same figures as a table. */
  children: ReactNode;
}

/** Lines, bars and dots between two axes. It stretches; its letters and dots do not. */
export function Plot(props: PlotProps) {
  const { label, x, y, xName, yName, xText = String, yText = String, className, children } = props;
  return (
    <figure className="min-w-0">
      <div
        role="img"
        aria-label={label}
        className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-2 text-xs text-soft"
      >
        <span className="col-start-2 pb-1">{yName}</span>
        <Ticks axis={y} text={yText} isUp />
        <div className={clsx("relative border-b border-l border-line", className ?? "h-48")}>
          <Drawing {...props} />
          {props.dots?.map(({ key, at, title, look, size = 8 }) => (
            <span
              key={key}
              title={title}
              className={clsx("absolute -translate-x-1/2 translate-y-1/2 rounded-full", look)}
              style={{
                left: `${placeOn(x, at[0])}%`,
                bottom: `${placeOn(y, at[1])}%`,
                width: size,
                height: size,
              }}
            />
          ))}
        </div>
        <div className="col-start-2">
          <Ticks axis={x} text={xText} />
          <span className="block text-right">{xName}</span>
        </div>
      </div>
      <Legend lines={props.lines ?? []} />
      <details className="mt-2">
        <summary className="cursor-pointer text-xs text-soft">The figures as a table</summary>
        <div className="mt-2">{children}</div>
      </details>
    </figure>
  );
}

function Drawing({ x, y, bars = [], lines = [] }: PlotProps) {
  const up = (value: number) => 100 - placeOn(y, value);
  return (
    <svg
      aria-hidden="true"
      viewBox="0 0 100 100"
      preserveAspectRatio="none"
      className="absolute inset-0 size-full overflow-visible"
    >
      {y.ticks.map((tick) => (
        <line
          key={tick}
          x1={0}
          x2={100}
          y1={up(tick)}
          y2={up(tick)}
          className="stroke-line"
          vectorEffect="non-scaling-stroke"
        />
      ))}
      {bars.map(({ key, from, to, height, look }) => (
        <rect
          key={key}
          x={placeOn(x, from)}
          width={placeOn(x, to) - placeOn(x, from)}
          y={up(height)}
          height={100 - up(height)}
          className={look}
        />
      ))}
      {lines.map(({ name, points, look, isDashed }) => (
        <polyline
          key={name}
          points={points.map(([at, value]) => `${placeOn(x, at)},${up(value)}`).join(" ")}
          fill="none"
          strokeWidth={2}
          strokeDasharray={isDashed ? "4 4" : undefined}
          vectorEffect="non-scaling-stroke"
          className={look}
        />
      ))}
    </svg>
  );
}

function Ticks({ axis, text, isUp }: { axis: Axis; text: (value: number) => string; isUp?: true }) {
  return (
    <div className={clsx("relative tabular-nums", isUp ? "w-9" : "h-5")}>
      {axis.ticks.map((tick) => (
        <span
          key={tick}
          className={clsx(
            "absolute",
            isUp ? "right-0 translate-y-1/2" : "top-0.5 -translate-x-1/2",
          )}
          style={{ [isUp ? "bottom" : "left"]: `${placeOn(axis, tick)}%` }}
        >
          {text(tick)}
        </span>
      ))}
    </div>
  );
}

/** Which line is which, where there are several. */
function Legend({ lines }: { lines: readonly Line[] }) {
  if (lines.length < 2) return null;
  return (
    <ul aria-hidden="true" className="mt-1 flex flex-wrap gap-x-4 gap-y-1 text-xs">
      {lines.map(({ name, look, isDashed }) => (
        <li key={name} className="flex items-center gap-1.5">
          <svg aria-hidden="true" className="h-2 w-5" viewBox="0 0 20 8">
            <line
              x1={0}
              x2={20}
              y1={4}
              y2={4}
              strokeWidth={2}
              strokeDasharray={isDashed ? "4 4" : undefined}
              className={look}
            />
          </svg>
          {name}
        </li>
      ))}
    </ul>
  );
}
