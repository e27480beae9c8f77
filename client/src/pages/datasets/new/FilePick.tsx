import { clsx } from "clsx";
import { FileUp } from "lucide-react";
import { type DragEvent, useId, useRef, useState } from "react";
import { Button } from "../../../ui/Button";

const ENDINGS = ".csv,.tsv,.txt,.json,.jsonl,.ndjson,.parquet,.fasta,.fa,.fna,.faa,.fastq,.fq,.gz";

/** A place to drop a file on, or to choose one by the system's dialog. */
export function FilePick({ onFile }: { onFile: (file: File) => void }) {
  const id = useId();
  const picker = useRef<HTMLInputElement>(null);
  const [isOver, setOver] = useState(false);

  function drop(event: DragEvent) {
    event.preventDefault();
    setOver(false);
    const file = event.dataTransfer.files[0];
    if (file) onFile(file);
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is one way; the button is another
    <div
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
      className={clsx(
        "flex flex-col items-center gap-2 rounded-lg border-2 border-dashed p-8 text-center",
        isOver ? "border-accent bg-accent-soft" : "border-line bg-surface",
      )}
    >
      <FileUp aria-hidden="true" className="size-8 text-soft" />
      <label htmlFor={id} className="font-medium">
        Drop a file here
      </label>
      <input
        ref={picker}
        id={id}
        type="file"
        accept={ENDINGS}
        className="sr-only"
        tabIndex={-1}
        onChange={({ target }) => target.files?.[0] && onFile(target.files[0])}
      />
      <Button look="primary" onClick={() => picker.current?.click()}>
        Choose a file
      </Button>
      <p className="max-w-prose text-balance text-soft">
        CSV, TSV, JSON, plain text, Parquet, FASTA or FASTQ, also with gzip, up to 20 GB.
      </p>
    </div>
  );
}
