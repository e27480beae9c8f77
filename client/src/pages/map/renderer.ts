/** Draws tiles of points with WebGL 2: one call a tile, all that moves in four numbers. */

import { type Camera, type Size, type Square, WORLD } from "./camera";
import { BACKGROUND, colours, rgb, type Scheme } from "./palette";
import type { Tile } from "./tile";

const VERTEX = `#version 300 es
layout(location = 0) in vec2 place;
layout(location = 1) in uint paint;
uniform vec4 view;
uniform float size;
uniform vec3 ground;
uniform vec3 colours[20];
flat out vec3 colour;
flat out int shape;
void main() {
  bool dim = paint >= 128u;
  vec3 own = colours[int(paint & 31u)];
  gl_Position = vec4(place * view.xy + view.zw, dim ? 0.9 : 0.0, 1.0);
  gl_PointSize = size;
  colour = dim ? mix(own, ground, 0.85) : own;
  shape = int((paint >> 5) & 3u);
}`;

const FRAGMENT = `#version 300 es
precision highp float;
flat in vec3 colour;
flat in int shape;
uniform float size;
uniform float alpha;
out vec4 shown;
void main() {
  vec2 p = gl_PointCoord * 2.0 - 1.0;
  bool inside = true;
  if (size >= 5.0) {
    if (shape == 0) inside = dot(p, p) <= 1.0;
    else if (shape == 1) inside = max(abs(p.x), abs(p.y)) <= 0.85;
    else if (shape == 2) inside = abs(p.x) <= (p.y + 1.0) * 0.5;
    else inside = abs(p.x) + abs(p.y) <= 1.0;
  } else if (size >= 3.0) inside = dot(p, p) <= 1.1;
  if (!inside) discard;
  shown = vec4(colour, alpha);
}`;

interface Buffers {
  array: WebGLVertexArrayObject;
  places: WebGLBuffer;
  paint: WebGLBuffer;
  tile: Tile;
}

export interface Frame {
  camera: Camera;
  square: Square;
  size: Size;
  /** Diameter of a point, in CSS pixels. */
  pointSize: number;
  /** Whether points shine through each other; slower. */
  isBlended: boolean;
  /** Whether some are dimmed, and lie behind the others. */
  isLayered: boolean;
}

export class Renderer {
  readonly #gl: WebGL2RenderingContext;
  readonly #program: WebGLProgram;
  readonly #uniforms: Record<"view" | "size" | "ground" | "colours" | "alpha", Location>;
  readonly #buffers = new Map<string, Buffers>();

  /** Undefined where the browser has no WebGL 2. */
  static on(canvas: HTMLCanvasElement): Renderer | undefined {
    const gl = canvas.getContext("webgl2", { alpha: false, antialias: false });
    return gl ? new Renderer(gl) : undefined;
  }

  private constructor(gl: WebGL2RenderingContext) {
    this.#gl = gl;
    this.#program = link(gl);
    const at = (name: string) => gl.getUniformLocation(this.#program, name);
    this.#uniforms = {
      view: at("view"),
      size: at("size"),
      ground: at("ground"),
      colours: at("colours"),
      alpha: at("alpha"),
    };
    // biome-ignore lint/correctness/useHookAtTopLevel: no hook, but WebGL
    gl.useProgram(this.#program);
    gl.blendFunc(gl.SRC_ALPHA, gl.ONE_MINUS_SRC_ALPHA);
    gl.depthFunc(gl.LEQUAL);
  }

  dress(scheme: Scheme): void {
    const ground = rgb(BACKGROUND[scheme]);
    this.#gl.clearColor(...ground, 1);
    this.#gl.uniform3f(this.#uniforms.ground, ...ground);
    this.#gl.uniform3fv(this.#uniforms.colours, colours(scheme).flatMap(rgb));
  }

  /** Take over a tile's points, or their new places. */
  put(key: string, tile: Tile): void {
    const gl = this.#gl;
    const buffers = this.#buffers.get(key) ?? {
      array: gl.createVertexArray(),
      places: gl.createBuffer(),
      paint: gl.createBuffer(),
      tile,
    };
    buffers.tile = tile;
    this.#buffers.set(key, buffers);
    const places = new Uint16Array(2 * tile.count);
    for (let point = 0; point < tile.count; point += 1) {
      places[2 * point] = tile.u[point] ?? 0;
      places[2 * point + 1] = tile.v[point] ?? 0;
    }
    gl.bindVertexArray(buffers.array);
    gl.bindBuffer(gl.ARRAY_BUFFER, buffers.places);
    gl.bufferData(gl.ARRAY_BUFFER, places, gl.STATIC_DRAW);
    gl.enableVertexAttribArray(0);
    gl.vertexAttribPointer(0, 2, gl.UNSIGNED_SHORT, true, 0, 0);
    gl.bindBuffer(gl.ARRAY_BUFFER, buffers.paint);
    gl.bufferData(gl.ARRAY_BUFFER, tile.count, gl.DYNAMIC_DRAW);
    gl.enableVertexAttribArray(1);
    gl.vertexAttribIPointer(1, 1, gl.UNSIGNED_BYTE, 0, 0);
  }

  paint(key: string, paint: Uint8Array): void {
    const buffers = this.#buffers.get(key);
    if (!buffers) return;
    this.#gl.bindBuffer(this.#gl.ARRAY_BUFFER, buffers.paint);
    this.#gl.bufferSubData(this.#gl.ARRAY_BUFFER, 0, paint);
  }

  begin({ size, isBlended, isLayered }: Frame): void {
    const gl = this.#gl;
    const ratio = this.#resize(size);
    gl.viewport(0, 0, Math.round(size.width * ratio), Math.round(size.height * ratio));
    gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
    toggle(gl, gl.BLEND, isBlended);
    toggle(gl, gl.DEPTH_TEST, isLayered);
    gl.uniform1f(this.#uniforms.alpha, isBlended ? 0.75 : 1);
  }

  /** How many points were drawn. */
  draw(key: string, frame: Frame): number {
    const buffers = this.#buffers.get(key);
    if (!buffers) return 0;
    const gl = this.#gl;
    const { camera, square, size } = frame;
    const { left, low, edge, count } = buffers.tile;
    const perUnit = (camera.k * WORLD) / square.edge;
    const screenX = (left - square.left) * perUnit + camera.x;
    const screenY = camera.k * WORLD - (low - square.low) * perUnit + camera.y;
    gl.uniform4f(
      this.#uniforms.view,
      (2 * edge * perUnit) / size.width,
      (2 * edge * perUnit) / size.height,
      (2 * screenX) / size.width - 1,
      1 - (2 * screenY) / size.height,
    );
    gl.uniform1f(this.#uniforms.size, frame.pointSize * ratioOf());
    gl.bindVertexArray(buffers.array);
    gl.drawArrays(gl.POINTS, 0, count);
    return count;
  }

  dispose(): void {
    const gl = this.#gl;
    for (const { array, places, paint } of this.#buffers.values()) {
      gl.deleteVertexArray(array);
      gl.deleteBuffer(places);
      gl.deleteBuffer(paint);
    }
    this.#buffers.clear();
    gl.deleteProgram(this.#program);
  }

  #resize({ width, height }: Size): number {
    const canvas = this.#gl.canvas;
    const ratio = ratioOf();
    const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (canvas.width !== wide) canvas.width = wide;
    if (canvas.height !== high) canvas.height = high;
    return ratio;
  }
}

type Location = WebGLUniformLocation | null;

/** Finer than 2 nobody sees, and everybody waits for. */
const ratioOf = () => Math.min(globalThis.devicePixelRatio || 1, 2);

function toggle(gl: WebGL2RenderingContext, what: number, isOn: boolean): void {
  if (isOn) gl.enable(what);
  else gl.disable(what);
}

function link(gl: WebGL2RenderingContext): WebGLProgram {
  const program = gl.createProgram();
  for (const [kind, source] of [
    [gl.VERTEX_SHADER, VERTEX],
    [gl.FRAGMENT_SHADER, FRAGMENT],
  ] as const) {
    const shader = gl.createShader(kind);
    if (!shader) throw new Error("The browser's graphics were lost; reload the page.");
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
    gl.deleteShader(shader);
  }
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS)) {
    throw new Error(gl.getProgramInfoLog(program) ?? "The map's shaders do not link.");
  }
  return program;
}
