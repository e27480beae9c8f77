import { afterEach, expect, it, vi } from "vitest";
import { copy } from "./copy";

class Copying extends Event {
  readonly put: Record<string, string> = {};
  readonly clipboardData = {
    setData: (type: string, text: string) => {
      this.put[type] = text;
    },
  };
  constructor() {
    super("copy", { cancelable: true });
  }
}

/** A document of a browser that asks, when told to copy, what to put on the clipboard. */
function page(allows: boolean) {
  const copied = new Copying();
  const page = Object.assign(new EventTarget(), {
    execCommand: () => allows && !page.dispatchEvent(copied),
  });
  vi.stubGlobal("document", page);
  return copied;
}

afterEach(() => vi.unstubAllGlobals());

it("copies by the browser's clipboard where there is one", async () => {
  const writeText = vi.fn();
  vi.stubGlobal("navigator", { clipboard: { writeText } });
  await copy("a key");
  expect(writeText).toHaveBeenCalledWith("a key");
});

it("copies on plain-http hosts, once", async () => {
  vi.stubGlobal("navigator", {});
  const copied = page(true);
  await copy("a key");
  expect(copied.put).toEqual({ "text/plain": "a key" });
  const later = new Copying();
  document.dispatchEvent(later);
  expect(later.put).toEqual({});
});

it("says what to do where copying is not let", async () => {
  vi.stubGlobal("navigator", {});
  page(false);
  await expect(copy("a key")).rejects.toThrow("copy it by hand");
});
