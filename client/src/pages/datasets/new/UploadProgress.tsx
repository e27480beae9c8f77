import { useSyncExternalStore } from "react";
import { Button } from "../../../ui/Button";
import { Problem } from "../../../ui/Problem";
import { Progress } from "../../../ui/Progress";
import { bytes, percent } from "../../../ui/words";
import type { FileUpload, UploadState } from "../upload/FileUpload";
import { PartsProgress } from "./PartsProgress";

interface UploadProgressProps {
  upload: FileUpload;
  /** The verb on the button that begins it. */
  action: string;
  disabled: boolean;
  onResume: () => void;
}

/** How far a file is on its way, with what may be done about it. */
export function UploadProgress({ upload, action, disabled, onResume }: UploadProgressProps) {
  const state = useSyncExternalStore(upload.subscribe, upload.current);
  const { phase, hashed, parts, spared, problem } = state;
  const size = upload.file.size;
  const isReading = hashed < 1 && phase !== "failed";
  const begins = phase === "reading" || phase === "read" || phase === "done";
  return (
    <section aria-label="Upload" className="flex flex-col gap-3">
      <p role="status" className="text-soft">
        {said(state, size)}
        {spared > 0 && ` ${bytes(spared)} were there already and are not sent again.`}
      </p>
      {isReading && <Progress label="SHA-256" share={hashed} />}
      {parts.length > 0 && (
        <>
          <Progress label="Bytes sent" share={size ? state.bytes / size : 1} />
          <PartsProgress parts={parts} />
        </>
      )}
      <Problem>{problem}</Problem>
      <div className="flex flex-wrap gap-2">
        {begins && (
          <Button look="primary" type="submit" disabled={disabled}>
            {action}
          </Button>
        )}
        {phase === "sending" && <Button onClick={() => upload.pause()}>Pause</Button>}
        {phase === "paused" && (
          <Button look="primary" onClick={onResume}>
            Go on
          </Button>
        )}
        {phase === "failed" && (
          <Button look="primary" onClick={onResume}>
            Try again
          </Button>
        )}
      </div>
    </section>
  );
}

function said({ phase, hashed, bytes: sent }: UploadState, size: number): string {
  switch (phase) {
    case "reading":
      return `Its SHA-256 is reckoned, so that the server can check what arrives: ${percent(hashed)}.`;
    case "read":
      return "Ready to be sent.";
    case "sending":
      return hashed < 1
        ? `Sending begins once its SHA-256 is known: ${percent(hashed)}.`
        : `${bytes(sent)} of ${bytes(size)} sent.`;
    case "paused":
      return `Paused at ${bytes(sent)} of ${bytes(size)}.`;
    case "checking":
      return "All sent; the server checks the bytes.";
    case "done":
      return "All bytes are there and checked.";
    case "failed":
      return `Stopped at ${bytes(sent)} of ${bytes(size)}.`;
    default:
      return phase satisfies never;
  }
}
