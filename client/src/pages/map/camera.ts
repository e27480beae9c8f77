/** Where the map is looked at from. A camera is d3's transform: screen = k * world + (x, y). */

export interface Camera {
  k: number;
  x: number;
  y: number;
}

export interface Size {
  width: number;
  height: number;
}

/** The square of zoom 0: all of the map is in it. */
export interface Square {
  left: number;
  low: number;
  edge: number;
}

/** What an address tells: the middle on the map, and by which power of two 512 pixels are shown. */
export interface Place {
  x: number;
  y: number;
  zoom: number;
}

export interface Bounds {
  minX: number;
  minY: number;
  maxX: number;
  maxY: number;
}

/** The edge of the map's square in the world; the world's y grows downwards, as the screen's. */
export const WORLD = 512;
const ROOM = 0.9;
/** A cluster of equal texts is a point: not nearer than this. */
const NEAREST = 2 ** 12;

export function squareOf(bounds: Bounds): Square {
  const edge = Math.max(bounds.maxX - bounds.minX, bounds.maxY - bounds.minY) || 1;
  return { left: bounds.minX, low: bounds.minY, edge };
}

export function toScreen(camera: Camera, square: Square, x: number, y: number): [number, number] {
  const perUnit = WORLD / square.edge;
  return [
    camera.k * (x - square.left) * perUnit + camera.x,
    camera.k * (WORLD - (y - square.low) * perUnit) + camera.y,
  ];
}

export function toMap(camera: Camera, square: Square, px: number, py: number): [number, number] {
  const perWorld = square.edge / WORLD;
  return [
    square.left + ((px - camera.x) / camera.k) * perWorld,
    square.low + (WORLD - (py - camera.y) / camera.k) * perWorld,
  ];
}

export function placeOf(camera: Camera, square: Square, size: Size): Place {
  const [x, y] = toMap(camera, square, size.width / 2, size.height / 2);
  return { x, y, zoom: Math.log2(camera.k) };
}

export function cameraAt(place: Place, square: Square, size: Size): Camera {
  const k = 2 ** place.zoom;
  const [x, y] = toScreen({ k, x: 0, y: 0 }, square, place.x, place.y);
  return { k, x: size.width / 2 - x, y: size.height / 2 - y };
}

/** The camera that shows all of `bounds` with a margin. */
export function cameraOn(bounds: Bounds, square: Square, size: Size): Camera {
  const perUnit = WORLD / square.edge;
  const wide = Math.max((bounds.maxX - bounds.minX) * perUnit, WORLD / NEAREST);
  const high = Math.max((bounds.maxY - bounds.minY) * perUnit, WORLD / NEAREST);
  const k = ROOM * Math.min(size.width / wide, size.height / high);
  const middle = { x: (bounds.minX + bounds.maxX) / 2, y: (bounds.minY + bounds.maxY) / 2 };
  return cameraAt({ ...middle, zoom: Math.log2(k) }, square, size);
}

/** What the camera sees of the map. */
export function seen(camera: Camera, square: Square, size: Size): Bounds {
  const [minX, maxY] = toMap(camera, square, 0, 0);
  const [maxX, minY] = toMap(camera, square, size.width, size.height);
  return { minX, minY, maxX, maxY };
}

export function around(all: readonly Bounds[]): Bounds | undefined {
  if (all.length === 0) return undefined;
  return {
    minX: Math.min(...all.map((each) => each.minX)),
    minY: Math.min(...all.map((each) => each.minY)),
    maxX: Math.max(...all.map((each) => each.maxX)),
    maxY: Math.max(...all.map((each) => each.maxY)),
  };
}
