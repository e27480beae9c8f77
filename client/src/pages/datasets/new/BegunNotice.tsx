import { useState } from "react";
import { useViewer } from "../../../shell/viewer";
import { Button } from "../../../ui/Button";
import { Moment } from "../../../ui/Moment";
import { bytes, counted } from "../../../ui/words";
import { begunUploads } from "../upload/carrier";

/** Uploads that a reload interrupted: choosing the same file again goes on with them. */
export function BegunNotice() {
  const { id } = useViewer();
  const [begun, setBegun] = useState(() => begunUploads.of(id));
  if (begun.length === 0) return null;
  return (
    <ul aria-label="Uploads that were begun" className="flex flex-col gap-2">
      {begun.map((upload) => (
        <li
          key={upload.key}
          className="flex flex-wrap items-center justify-between gap-2 rounded-md bg-warn-soft px-4 py-2 text-warn"
        >
          <span className="min-w-0 break-words">
            {upload.filename} ({bytes(upload.size)}) was begun{" "}
            <Moment at={new Date(upload.at).toISOString()} />: {counted(upload.sent.length, "part")}{" "}
            of it arrived. Choose the same file to go on.
          </span>
          <Button
            onClick={() => {
              begunUploads.forget(upload);
              setBegun(begunUploads.of(id));
            }}
          >
            Forget it
          </Button>
        </li>
      ))}
    </ul>
  );
}
