import { useState } from "react";
import { Field } from "../../ui/Field";
import { Problem } from "../../ui/Problem";
import { Select } from "../../ui/Select";
import { Tick } from "../../ui/Tick";
import type { Chosen } from "../datasets/new/chosen";
import { FileCard } from "../datasets/new/FileCard";
import { HeadTable } from "../datasets/new/HeadTable";
import { UploadProgress } from "../datasets/new/UploadProgress";
import type { Head } from "../datasets/reading/head";
import { guessed } from "../datasets/reading/mapping";
import type { BulkRows } from "./usePredictInBulk";

interface BulkFileFormProps {
  chosen: Chosen;
  onClear: () => void;
  /** May answer with what was refused. */
  onUploaded: (rows: BulkRows) => Promise<string | undefined>;
}

/** A picked file: which of its columns is asked about, and which come along to the answers. */
export function BulkFileForm(props: BulkFileFormProps) {
  const { chosen, onClear } = props;
  return (
    <FileCard chosen={chosen} look={chosen.look} onClear={onClear}>
      {(head) => <Form {...props} head={head} />}
    </FileCard>
  );
}

function Form({ chosen, head, onUploaded }: BulkFileFormProps & { head: Head }) {
  const columns = head.kind === "table" ? head.columns : [];
  const [text, setText] = useState(head.kind === "table" ? guessed(head).text : null);
  const [keep, setKeep] = useState<readonly string[]>([]);
  const [problem, setProblem] = useState("");

  async function send() {
    setProblem("");
    const uploadId = await chosen.upload.run();
    if (!uploadId) return;
    const format = head.format === "TEXT" ? head.format : null;
    const reading = { columns: { text }, keep: keep.filter((name) => name !== text), format };
    setProblem((await onUploaded({ uploadId, reading })) ?? "");
  }

  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {head.kind === "table" ? (
        <>
          <div className="max-w-sm">
            <Field label="Text" hint="The column that is asked about.">
              <Select
                label="Text"
                choices={columns.map((name) => ({ value: name, label: name }))}
                value={text ?? ""}
                onChange={setText}
              />
            </Field>
          </div>
          <Kept columns={columns.filter((name) => name !== text)} keep={keep} onKeep={setKeep} />
          <HeadTable head={head} mapping={{ text, label: null, split: null }} />
        </>
      ) : (
        <p>{head.says}</p>
      )}
      <UploadProgress
        upload={chosen.upload}
        action="Send and answer"
        disabled={head.kind === "table" && !text}
        onResume={send}
      />
      <Problem>{problem}</Problem>
    </form>
  );
}

interface KeptProps {
  columns: readonly string[];
  keep: readonly string[];
  onKeep: (keep: readonly string[]) => void;
}

/** Columns that come along, so that each answer is found again, such as an id. */
function Kept({ columns, keep, onKeep }: KeptProps) {
  if (columns.length === 0) return null;
  const toggle = (name: string, isKept: boolean) =>
    onKeep(isKept ? [...keep, name] : keep.filter((other) => other !== name));
  return (
    <fieldset>
      <legend className="mb-1 font-medium">Columns that the answers carry along</legend>
      <div className="flex flex-wrap gap-x-4 gap-y-2">
        {columns.map((name) => (
          <Tick
            key={name}
            label={name}
            checked={keep.includes(name)}
            onChange={(isKept) => toggle(name, isKept)}
          />
        ))}
      </div>
    </fieldset>
  );
}
