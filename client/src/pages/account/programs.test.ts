import { expect, it } from "vitest";
import { programOf } from "./programs";

it("knows browsers that pretend to be others", () => {
  const said = [
    "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0",
    "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1 Version/19 Safari/605.1",
    "python-httpx/0.28",
    "",
  ];
  expect(said.map(programOf)).toEqual([
    "Firefox on Linux",
    "Edge on Windows",
    "Chrome on Android",
    "Safari on macOS",
    "python-httpx/0.28",
    "unknown",
  ]);
});
