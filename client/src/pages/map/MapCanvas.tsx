import { useEffect, useEffectEvent, useRef, useState, useSyncExternalStore } from "react";
import { type Camera, type Place, type Size, toScreen } from "./camera";
import { MARGIN_PX } from "./detail";
import type { MapEngine } from "./engine";
import { HoverCard } from "./HoverCard";
import { type Name, placeNames, shorten } from "./names";
import type { Colouring } from "./paint";
import { categoryPaint, colourOf, glyphOf, type Scheme } from "./palette";
import type { PointRef } from "./points";
import type { Mode } from "./scatter";
import type { Cluster, ClusterMap } from "./VersionMap";

interface MapCanvasProps {
  engine: MapEngine;
  map: ClusterMap;
  /** Largest first. */
  clusters: readonly Cluster[];
  colouring: Colouring;
  scheme: Scheme;
  mode: Mode;
  start: Place | undefined;
  onRest: (place: Place) => void;
  onLasso: (points: PointRef[]) => void;
  onClick: (home: number) => void;
}

type Glance = [camera: Camera, size: Size, nearness: number];

/** The canvas, with names and the line of a selection over it. */
export function MapCanvas(props: MapCanvasProps) {
  const { engine, map, clusters, colouring, scheme, mode, start } = props;
  const surface = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const names = useRef<HTMLUListElement>(null);
  const line = useRef<SVGPolygonElement>(null);
  const [isBlind, setBlind] = useState(false);
  const hover = useSyncExternalStore(engine.subscribe, () => engine.state().hover);
  const glance = useRef<Glance>(undefined);
  const named = useRef<Glance>(undefined);

  /** Names move with every frame, past React; they are chosen anew when one comes nearer or rests. */
  const onFrame = useEffectEvent((...seen: Glance) => {
    glance.current = seen;
    if (!names.current) return;
    const shift = named.current && shiftOf(named.current, seen);
    if (!shift) {
      named.current = seen;
      putNames(names.current, namesOf(engine, map, clusters, seen[0]), seen);
    }
    names.current.style.transform = `translate(${shift?.[0] ?? 0}px, ${shift?.[1] ?? 0}px)`;
  });
  const onRest = useEffectEvent(props.onRest);
  const onLasso = useEffectEvent(props.onLasso);
  const onClick = useEffectEvent(props.onClick);
  const onLine = useEffectEvent((drawn: readonly [number, number][]) =>
    line.current?.setAttribute("points", drawn.map((each) => each.join()).join(" ")),
  );
  const startAt = useEffectEvent(() => start);

  useEffect(() => {
    if (!surface.current || !canvas.current) return;
    const places = { surface: surface.current, canvas: canvas.current };
    const isSeen = engine.attach(places, startAt(), {
      onFrame: (...seen) => onFrame(...seen),
      onRest: (place) => onRest(place),
      onLine: (drawn) => onLine(drawn),
      onLasso: (points) => onLasso(points),
      onClick: (home) => onClick(home),
      onLost: () => setBlind(true),
    });
    setBlind(!isSeen);
    return () => engine.detach();
  }, [engine]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: other clusters are other names
  useEffect(() => {
    named.current = undefined;
    if (glance.current) onFrame(...glance.current);
  }, [map, clusters]);

  return (
    <div className="relative h-[55vh] min-h-80 overflow-hidden rounded-md border border-line">
      <div
        ref={surface}
        tabIndex={0}
        role="img"
        aria-label={`Map of ${map.pointCount} texts in ${clusters.length} clusters. Arrow keys move it, plus and minus zoom; the list of clusters tells the same in words.`}
        className={`absolute inset-0 touch-none overflow-hidden -outline-offset-2 ${mode === "lasso" ? "cursor-crosshair" : "cursor-grab active:cursor-grabbing"} ${isBlind ? "hidden" : ""}`}
      >
        <canvas
          ref={canvas}
          className="pointer-events-none absolute max-w-none origin-top-left"
          style={{ inset: -MARGIN_PX, width: WIDE, height: WIDE }}
        />
      </div>
      <svg aria-hidden="true" className="pointer-events-none absolute inset-0 size-full">
        <polygon ref={line} className="fill-accent/15 stroke-accent" strokeWidth="1.5" />
      </svg>
      <ul ref={names} aria-hidden="true" className="pointer-events-none absolute inset-0">
        {map.groups.map(({ id, name }) => (
          <li key={id} data-name={id} className={`${NAME} font-semibold`}>
            {shorten(name)}
          </li>
        ))}
        {clusters.map(({ id, name }, home) => (
          <li key={id} data-name={id} className={NAME}>
            {colouring === "cluster" && <Mark paint={categoryPaint(home)} scheme={scheme} />}
            {shorten(name)}
          </li>
        ))}
      </ul>
      {hover && <HoverCard hover={hover} />}
      {isBlind && (
        <div
          role="alert"
          className="absolute inset-0 grid place-content-center gap-1 p-6 text-center"
        >
          <p className="font-medium">This browser cannot draw the map.</p>
          <p className="text-soft">
            It needs WebGL 2, which is off or not there. The list of clusters, the selection and its
            export work without it.
          </p>
        </div>
      )}
    </div>
  );
}

const WIDE = `calc(100% + ${2 * MARGIN_PX}px)`;
const NAME =
  "invisible absolute top-0 left-0 rounded bg-surface/85 px-1.5 text-xs leading-5 whitespace-nowrap text-ink shadow-sm";

function Mark({ paint, scheme }: { paint: number; scheme: Scheme }) {
  return <span style={{ color: colourOf(paint, scheme) }}>{glyphOf(paint)} </span>;
}

const FAR_PX = 80;

/** How far the names of one glance are from where they belong; undefined where others may belong. */
function shiftOf([from, size]: Glance, [to, now]: Glance): [number, number] | undefined {
  const [x, y] = [to.x - from.x, to.y - from.y];
  const isSame = from.k === to.k && size.width === now.width && size.height === now.height;
  return isSame && Math.hypot(x, y) < FAR_PX ? [x, y] : undefined;
}

function namesOf(
  { square }: MapEngine,
  map: ClusterMap,
  clusters: readonly Cluster[],
  camera: Camera,
): Name[] {
  const named = (each: Pick<Cluster, "id" | "name" | "size" | "x" | "y">, isGroup: boolean) => {
    const [x, y] = toScreen(camera, square, each.x, each.y);
    return { id: each.id, text: each.name, x, y, weight: each.size, isGroup };
  };
  return [
    ...map.groups.map((each) => named(each, true)),
    ...clusters.map((each) => named(each, false)),
  ];
}

function putNames(list: HTMLUListElement, names: readonly Name[], [, size, nearness]: Glance) {
  const placed = new Map(placeNames(names, size, nearness).map((name) => [name.id, name]));
  for (const item of list.children) {
    if (!(item instanceof HTMLElement)) continue;
    const at = placed.get(item.dataset["name"] ?? "");
    item.style.visibility = at ? "visible" : "hidden";
    if (at) item.style.transform = `translate(${at.left}px, ${at.top}px)`;
  }
}
