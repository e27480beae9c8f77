import { type ReactNode, startTransition, useState } from "react";
import type { ColumnsInput, DataFormat } from "../../../gql/graphql";
import { Problem } from "../../../ui/Problem";
import type { Head } from "../reading/head";
import { checked, guessed, type Mapping } from "../reading/mapping";
import { ColumnMapping } from "./ColumnMapping";
import { type Chosen, lookAt } from "./chosen";
import { FileCard } from "./FileCard";
import { ServerMapping } from "./ServerMapping";
import { UploadProgress } from "./UploadProgress";

/** How the file is to be read. */
export interface FileReading {
  columns: ColumnsInput;
  format: DataFormat | null;
  delimiter: string | null;
}

interface FileFormProps {
  chosen: Chosen;
  /** The verb on the button. */
  action: string;
  /** What else there is to say, such as a name. */
  children?: ReactNode;
  onClear: () => void;
  /** Makes something of the upload; answers with what was refused. */
  onUploaded: (uploadId: string, reading: FileReading) => Promise<string | undefined>;
}

/** A picked file: its columns are looked at here, before any of it is sent. */
export function FileForm(props: FileFormProps) {
  const { chosen, onClear } = props;
  const [look, setLook] = useState(chosen.look);
  const [delimiter, setDelimiter] = useState("");

  function reread(next: string) {
    startTransition(() => {
      setDelimiter(next);
      setLook(lookAt(chosen.file, next || null));
    });
  }

  return (
    <FileCard chosen={chosen} look={look} onClear={onClear}>
      {(head) => (
        <Form key={delimiter} {...props} head={head} delimiter={delimiter} onDelimiter={reread} />
      )}
    </FileCard>
  );
}

interface FormProps extends FileFormProps {
  head: Head;
  delimiter: string;
  onDelimiter: (delimiter: string) => void;
}

function Form(props: FormProps) {
  const { chosen, head, action, children, delimiter, onDelimiter, onUploaded } = props;
  const [mapping, setMapping] = useState<Mapping>(
    head.kind === "table" ? guessed(head) : { text: null, label: null, split: null },
  );
  const [problem, setProblem] = useState("");
  const isBad = head.kind === "table" && checked(head, mapping).some(({ tone }) => tone === "bad");

  async function send() {
    setProblem("");
    const uploadId = await chosen.upload.run();
    if (!uploadId) return;
    const format = head.format === "TEXT" ? head.format : null;
    const reading = { columns: mapping, format, delimiter: delimiter || null };
    setProblem((await onUploaded(uploadId, reading)) ?? "");
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
        <ColumnMapping
          head={head}
          mapping={mapping}
          onMapping={setMapping}
          delimiter={delimiter}
          onDelimiter={onDelimiter}
        />
      ) : (
        <ServerMapping head={head} mapping={mapping} onMapping={setMapping} />
      )}
      {children}
      <UploadProgress upload={chosen.upload} onResume={send} action={action} disabled={isBad} />
      <Problem>{problem}</Problem>
    </form>
  );
}
