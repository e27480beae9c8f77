/** Colours that are told apart with any colour vision, on both backgrounds at least 3:1. */

export const GLYPHS = ["●", "■", "▲", "◆"] as const;

const CATEGORIES = {
  light: [
    "#0072b2", "#c04f00", "#00875f", "#b04a8b", "#9a6a00", "#2a86bd", "#3b3b3b", "#7c7a00",
  ],
  dark: [
    "#56b4e9", "#ff8c4a", "#2ecfa3", "#f08fc0", "#e6b23c", "#a9b4ff", "#e8e8e8", "#e9df4a",
  ],
} as const; // biome-ignore format: one line each

/** From unsure to sure, evenly apart to the eye (viridis, its palest end cut for white). */
const STEPS = {
  light: ["#440154", "#46327e", "#365c8d", "#277f8e", "#1fa187", "#3aa655", "#6fa82a", "#9aa10a"],
  dark: ["#8c5fc4", "#7a78d6", "#5e97d8", "#45afc9", "#35c4a4", "#5fd47a", "#a5e04f", "#f0e63a"],
} as const;

const OTHERS = {
  light: { none: "#8b98a7", right: "#0072b2", wrong: "#c04f00", live: "#a3161c" },
  dark: { none: "#63738a", right: "#56b4e9", wrong: "#ff8c4a", live: "#ff9a94" },
} as const;

export const BACKGROUND = { light: "#ffffff", dark: "#151e2c" } as const;

export type Scheme = keyof typeof CATEGORIES;

export const COLOURS = 8;
const STEP = COLOURS;
export const NONE = 16;
export const RIGHT = 17;
export const WRONG = 18;
export const LIVE = 19;
/** Drawn as if it were far behind what is chosen. */
export const DIM = 0x80;

/** A point's look in a byte: five bits of colour, two of shape, and whether it is dimmed. */
export function categoryPaint(category: number): number {
  if (category < 0) return NONE;
  return (category % COLOURS) | ((Math.floor(category / COLOURS) % GLYPHS.length) << 5);
}

/** `share` is 0 to 1. */
export function stepPaint(share: number): number {
  return STEP + Math.min(COLOURS - 1, Math.floor(share * COLOURS));
}

export function colourOf(paint: number, scheme: Scheme): string {
  return colours(scheme)[paint & 31] ?? OTHERS[scheme].none;
}

export const glyphOf = (paint: number): string => GLYPHS[(paint >> 5) & 3] ?? GLYPHS[0];

export function colours(scheme: Scheme): readonly string[] {
  const { none, right, wrong, live } = OTHERS[scheme];
  return [...CATEGORIES[scheme], ...STEPS[scheme], none, right, wrong, live];
}

/** "#0072b2" as three numbers of 0 to 1. */
export function rgb(hex: string): [number, number, number] {
  const value = Number.parseInt(hex.slice(1), 16);
  return [(value >> 16) / 255, ((value >> 8) & 255) / 255, (value & 255) / 255];
}
