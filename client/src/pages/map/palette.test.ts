import { describe, expect, it } from "vitest";
import {
  BACKGROUND,
  categoryPaint,
  colourOf,
  colours,
  DIM,
  glyphOf,
  rgb,
  stepPaint,
} from "./palette";

const linear = (value: number) =>
  value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;

function luminance(hex: string): number {
  const [red, green, blue] = rgb(hex).map(linear);
  return 0.2126 * (red ?? 0) + 0.7152 * (green ?? 0) + 0.0722 * (blue ?? 0);
}

function contrast(a: string, b: string): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

describe("the palette", () => {
  it.each(["light", "dark"] as const)("is seen on its ground: %s", (scheme) => {
    for (const colour of colours(scheme)) {
      expect(contrast(colour, BACKGROUND[scheme])).toBeGreaterThan(2.8);
    }
  });

  it("tells 32 categories apart by colour and shape, in a byte that can be dimmed", () => {
    const looks = Array.from({ length: 32 }, (_, category) => categoryPaint(category));
    expect(new Set(looks).size).toBe(32);
    expect(new Set(looks.map((look) => colourOf(look, "light") + glyphOf(look))).size).toBe(32);
    expect(Math.max(...looks)).toBeLessThan(DIM);
  });

  it("has a last step for certainty", () => {
    expect(stepPaint(1)).toBe(stepPaint(0.99));
    expect(stepPaint(0)).not.toBe(stepPaint(0.2));
  });
});
