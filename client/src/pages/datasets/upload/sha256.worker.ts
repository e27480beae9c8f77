/** Reads a file piece by piece and tells its SHA-256, beside the page so that the page stays quick. */

import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";

const PIECE_BYTES = 8 * 2 ** 20;

export interface HashReport {
  bytes?: number;
  sha256?: string;
  problem?: string;
}

const tell = (report: HashReport) => postMessage(report);

addEventListener("message", async ({ data: file }: MessageEvent<Blob>) => {
  try {
    const hash = sha256.create();
    for (let at = 0; at < file.size; at += PIECE_BYTES) {
      hash.update(new Uint8Array(await file.slice(at, at + PIECE_BYTES).arrayBuffer()));
      tell({ bytes: Math.min(file.size, at + PIECE_BYTES) });
    }
    tell({ sha256: bytesToHex(hash.digest()) });
  } catch (error) {
    tell({ problem: `The file could not be read: ${String(error)}` });
  }
});
