import type { HashReport } from "./sha256.worker";

/** The SHA-256 of a file in hexadecimal, in a worker; `onShare` hears how far it is, 0 to 1. */
export function sha256Of(
  file: Blob,
  onShare: (share: number) => void,
  signal: AbortSignal,
): Promise<string> {
  const worker = new Worker(new URL("./sha256.worker.ts", import.meta.url), { type: "module" });
  return new Promise<string>((resolve, reject) => {
    signal.addEventListener("abort", () => reject(new Error("stopped")));
    worker.addEventListener("error", () => reject(new Error("The file could not be read.")));
    worker.addEventListener("message", ({ data }: MessageEvent<HashReport>) => {
      if (data.bytes !== undefined) onShare(data.bytes / file.size);
      if (data.sha256) resolve(data.sha256);
      if (data.problem) reject(new Error(data.problem));
    });
    worker.postMessage(file);
  }).finally(() => worker.terminate());
}
