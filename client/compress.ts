/** Writes a .gz beside each file of dist that a browser loads and that gets smaller by it. */

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { extname, join } from "node:path";
import { constants, gzipSync } from "node:zlib";

const KINDS = new Set([".css", ".html", ".js", ".svg", ".ttf"]);

for (const file of readdirSync("dist", { recursive: true, encoding: "utf8" })) {
  if (!KINDS.has(extname(file))) continue;
  const bytes = readFileSync(join("dist", file));
  const compressed = gzipSync(bytes, { level: constants.Z_BEST_COMPRESSION });
  if (compressed.length < bytes.length) writeFileSync(join("dist", `${file}.gz`), compressed);
}
