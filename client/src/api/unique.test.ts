import { afterEach, expect, it, vi } from "vitest";
import { unique } from "./unique";

afterEach(() => vi.unstubAllGlobals());

it("names things where the browser does not", () => {
  const getRandomValues = crypto.getRandomValues.bind(crypto);
  vi.stubGlobal("crypto", { getRandomValues });
  const names = Array.from({ length: 100 }, unique);
  expect(new Set(names).size).toBe(100);
  for (const name of names) expect(name).toMatch(/^[0-9a-f]{32}$/);
});
