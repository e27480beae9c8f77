/**
 * The map on a canvas: it draws when something changed, at most once a frame, and tells what the
 * pointer does. Panning and zooming, by pointer, wheel and two fingers, are d3's.
 */

import { select } from "d3-selection";
import { type D3ZoomEvent, type ZoomTransform, zoom, zoomIdentity } from "d3-zoom";
import { type Camera, type Size, type Square, seen, toMap } from "./camera";
import { chosen, MARGIN_PX, moved, Pace } from "./detail";
import type { Scheme } from "./palette";
import type { PointRef, Points } from "./points";
import { Renderer } from "./renderer";
import { type Tile, tileKey } from "./tile";

export type Mode = "pan" | "lasso";

/** What is pointed at, and the canvas within that is drawn on. */
export interface Surface {
  surface: HTMLElement;
  canvas: HTMLCanvasElement;
}

export interface ScatterEvents {
  /** The canvas has a size: now it can be said where to look. */
  onSize: () => void;
  /** The camera moved, or the surface has another size. */
  onFrame: (camera: Camera, size: Size) => void;
  /** It came to rest. */
  onRest: (camera: Camera, size: Size) => void;
  onHover: (px: number, py: number) => void;
  onLeave: () => void;
  onClick: (px: number, py: number) => void;
  /** The line as it is drawn, on the screen. */
  onLine: (line: readonly [number, number][]) => void;
  onLasso: (points: PointRef[]) => void;
  onLost: () => void;
}

const SCALES: [number, number] = [1 / 8, 2 ** 12];
const REST_MS = 150;
const LEAST_STEP_PX = 3;
const KEY_PX = 60;
const LIVE = "live";

export class Scatter {
  mode: Mode = "pan";
  readonly points: Points;
  readonly #surface: HTMLElement;
  readonly #canvas: HTMLCanvasElement;
  readonly #renderer: Renderer;
  readonly #square: Square;
  readonly #events: ScatterEvents;
  readonly #zoom = zoom<HTMLElement, unknown>().scaleExtent(SCALES);
  readonly #pace = new Pace();
  readonly #sizes = new ResizeObserver(() => this.#measure());
  #camera: ZoomTransform = zoomIdentity;
  #size: Size = { width: 0, height: 0 };
  #line: [number, number][] | undefined;
  #endsLine = false;
  #isLayered = false;
  #frame = 0;
  /** The camera of the picture that is there, and whether points came or changed since. */
  #drawn: Camera | undefined;
  #isStale = true;
  /** When the frame before was drawn anew; 0 when it was moved. */
  #drewAt = 0;
  #movedAt = Number.NEGATIVE_INFINITY;
  #restTimer: ReturnType<typeof setTimeout> | undefined;

  /** Undefined where the browser has no WebGL 2. */
  static on(surface: Surface, points: Points, square: Square, events: ScatterEvents) {
    const renderer = Renderer.on(surface.canvas);
    return renderer ? new Scatter(surface, renderer, points, square, events) : undefined;
  }

  private constructor(
    { surface, canvas }: Surface,
    renderer: Renderer,
    points: Points,
    square: Square,
    events: ScatterEvents,
  ) {
    this.#surface = surface;
    this.#canvas = canvas;
    this.#renderer = renderer;
    this.#square = square;
    this.#events = events;
    this.points = points;
    this.#zoom
      .filter((event) => !this.#isDrawing(event) && !event.button && event.type !== "dblclick")
      .on("zoom", ({ transform }: D3ZoomEvent<HTMLElement, unknown>) => this.#move(transform));
    select(this.#surface).call(this.#zoom);
    surface.addEventListener("pointerdown", this.#press);
    surface.addEventListener("pointermove", this.#point);
    surface.addEventListener("pointerup", this.#release);
    surface.addEventListener("pointerleave", this.#leave);
    surface.addEventListener("click", this.#click);
    surface.addEventListener("keydown", this.#key);
    canvas.addEventListener("webglcontextlost", events.onLost);
    this.#sizes.observe(surface);
  }

  get size(): Size {
    return this.#size;
  }

  get camera(): Camera {
    return this.#camera;
  }

  dress(scheme: Scheme): void {
    this.#renderer.dress(scheme);
    this.draw();
  }

  /** New points, and their look. */
  put(key: string, paint: Uint8Array): void {
    const group = this.points.groups.get(key);
    if (!group) return;
    this.#renderer.put(key, group.tile);
    this.paint(key, paint);
  }

  paint(key: string, paint: Uint8Array): void {
    this.#renderer.paint(key, paint);
    this.draw();
  }

  /** Points above all others, larger: all alike. */
  drop(tile: Tile, look: number): void {
    this.#renderer.put(LIVE, tile);
    this.paint(LIVE, new Uint8Array(tile.count).fill(look));
  }

  /** Whether some points are dimmed, and lie behind the others. */
  layer(isLayered: boolean): void {
    this.#isLayered = isLayered;
  }

  look(camera: Camera): void {
    const { x, y, k } = camera;
    select(this.#surface).call(this.#zoom.transform, zoomIdentity.translate(x, y).scale(k));
  }

  zoomBy(factor: number): void {
    select(this.#surface).call(this.#zoom.scaleBy, factor);
  }

  /** Anew, at the next frame. */
  draw(): void {
    this.#isStale = true;
    this.#ask();
  }

  dispose(): void {
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#restTimer);
    this.#sizes.disconnect();
    select(this.#surface).on(".zoom", null);
    this.#surface.removeEventListener("pointerdown", this.#press);
    this.#surface.removeEventListener("pointermove", this.#point);
    this.#surface.removeEventListener("pointerup", this.#release);
    this.#surface.removeEventListener("pointerleave", this.#leave);
    this.#surface.removeEventListener("click", this.#click);
    this.#surface.removeEventListener("keydown", this.#key);
    this.#canvas.removeEventListener("webglcontextlost", this.#events.onLost);
    this.#renderer.dispose();
  }

  readonly #drawNow = (now: number): void => {
    this.#frame = 0;
    const isMoving = performance.now() - this.#movedAt < REST_MS;
    if (this.#drewAt && now - this.#drewAt < REST_MS) this.#pace.drew(now - this.#drewAt);
    const isReusable = isMoving && !this.#isStale && !this.#pace.isQuick;
    const move = isReusable && this.#drawn && moved(this.#drawn, this.#camera, this.#size);
    if (move) this.#movePicture(move);
    else this.#drawPicture(isMoving);
    this.#drewAt = move ? 0 : now;
    this.#events.onFrame(this.#camera, this.#size);
  };

  #movePicture({ k, x, y }: Camera): void {
    this.#canvas.style.transform = `translate(${x}px, ${y}px) scale(${k})`;
  }

  /** With a margin on all sides, so that it can be moved. */
  #drawPicture(isMoving: boolean): void {
    const { k, x, y } = this.#camera;
    const { width, height } = this.#size;
    const frame = {
      camera: { k, x: x + MARGIN_PX, y: y + MARGIN_PX },
      square: this.#square,
      size: { width: width + 2 * MARGIN_PX, height: height + 2 * MARGIN_PX },
      pointSize: pointSize(k, this.points.count),
      isBlended: !isMoving && !this.#isLayered,
      isLayered: this.#isLayered,
    };
    const view = seen(frame.camera, this.#square, frame.size);
    const tiles = [...this.points.groups.values()].map(({ tile }) => tile);
    let points = 0;
    this.#renderer.begin(frame);
    for (const tile of chosen(tiles, view)) points += this.#renderer.draw(tileKey(tile), frame);
    this.#renderer.draw(LIVE, { ...frame, pointSize: Math.max(9, frame.pointSize + 4) });
    this.#movePicture({ k: 1, x: 0, y: 0 });
    this.#canvas.dataset["drawn"] = String(points);
    this.#drawn = this.#camera;
    this.#isStale = false;
  }

  #ask(): void {
    this.#frame ||= requestAnimationFrame(this.#drawNow);
  }

  #move(transform: ZoomTransform): void {
    this.#camera = transform;
    this.#movedAt = performance.now();
    this.#ask();
    clearTimeout(this.#restTimer);
    this.#restTimer = setTimeout(() => {
      this.draw();
      this.#events.onRest(this.#camera, this.#size);
    }, REST_MS);
  }

  #measure(): void {
    const { clientWidth: width, clientHeight: height } = this.#surface;
    if (width === 0 || (width === this.#size.width && height === this.#size.height)) return;
    const before = this.#size;
    this.#size = { width, height };
    if (before.width === 0) this.#events.onSize();
    else this.#keepMiddle(width - before.width, height - before.height);
    this.draw();
  }

  #keepMiddle(wider: number, higher: number): void {
    const { x, y, k } = this.#camera;
    this.look({ x: x + wider / 2, y: y + higher / 2, k });
  }

  #isDrawing(event: { shiftKey: boolean; type: string }): boolean {
    return event.type !== "wheel" && (this.mode === "lasso" || event.shiftKey);
  }

  readonly #press = (event: PointerEvent): void => {
    this.#endsLine = false;
    if (event.button || !this.#isDrawing(event)) return;
    this.#surface.setPointerCapture(event.pointerId);
    this.#line = [[event.offsetX, event.offsetY]];
  };

  readonly #point = (event: PointerEvent): void => {
    const { offsetX: px, offsetY: py } = event;
    if (this.#line) {
      const [lastX, lastY] = this.#line[this.#line.length - 1] ?? [0, 0];
      if (Math.hypot(px - lastX, py - lastY) < LEAST_STEP_PX) return;
      this.#line.push([px, py]);
      this.#events.onLine(this.#line);
    } else if (!event.buttons) {
      this.#events.onHover(px, py);
    }
  };

  readonly #release = (): void => {
    const line = this.#line;
    this.#line = undefined;
    if (!line) return;
    this.#endsLine = true;
    this.#events.onLine([]);
    const around = line.map(([px, py]) => toMap(this.#camera, this.#square, px, py));
    this.#events.onLasso(this.points.inside(around));
  };

  readonly #leave = (): void => this.#events.onLeave();

  /** d3 swallows the click that ends a drag; the one that ends a line is ours to swallow. */
  readonly #click = (event: MouseEvent): void => {
    if (this.#endsLine || this.#isDrawing(event)) return;
    this.#events.onClick(event.offsetX, event.offsetY);
  };

  readonly #key = (event: KeyboardEvent): void => {
    const [x, y, factor] = KEYS[event.key] ?? [0, 0, 1];
    if (!(event.key in KEYS) || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const surface = select(this.#surface);
    if (factor !== 1) surface.call(this.#zoom.scaleBy, factor);
    else
      surface.call(
        this.#zoom.translateBy,
        (x * KEY_PX) / this.#camera.k,
        (y * KEY_PX) / this.#camera.k,
      );
  };
}

const KEYS: Record<string, [x: number, y: number, factor: number]> = {
  ArrowLeft: [1, 0, 1],
  ArrowRight: [-1, 0, 1],
  ArrowUp: [0, 1, 1],
  ArrowDown: [0, -1, 1],
  "+": [0, 0, 1.5],
  "=": [0, 0, 1.5],
  "-": [0, 0, 1 / 1.5],
};

/** Pixels: many points are small, and grow as one comes nearer. */
function pointSize(k: number, points: number): number {
  const base = points > 50_000 ? 2 : points > 10_000 ? 3 : 4.5;
  return Math.min(12, base * Math.max(1, k / 1.5) ** 0.5);
}
