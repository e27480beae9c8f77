import { type ReactNode, Suspense, startTransition, use, useEffect, useState } from "react";
import type { ColumnsInput, DataFormat } from "../../../gql/graphql";
import { Button } from "../../../ui/Button";
import { Card } from "../../../ui/Card";
import { Failure, Loading } from "../../../ui/States";
import { bytes } from "../../../ui/words";
import type { Head } from "../reading/head";
import { checked, guessed, type Mapping } from "../reading/mapping";
import { ColumnMapping } from "./ColumnMapping";
import { type Chosen, type Look, lookAt } from "./chosen";
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
  const { file, upload } = chosen;
  const [look, setLook] = useState(chosen.look);
  const [delimiter, setDelimiter] = useState("");

  // Who leaves the page stops the sending; what came stays, and is not sent again.
  useEffect(() => () => upload.pause(), [upload]);

  function reread(next: string) {
    setDelimiter(next);
    startTransition(() => setLook(lookAt(file, next || null)));
  }

  return (
    <Card
      title={`${file.name} · ${bytes(file.size)}`}
      actions={
        <Button
          onClick={() => {
            upload.cancel();
            onClear();
          }}
        >
          Take another file
        </Button>
      }
    >
      <Suspense fallback={<Loading />}>
        <Inside key={delimiter} {...props} look={look} delimiter={delimiter} onDelimiter={reread} />
      </Suspense>
    </Card>
  );
}

interface InsideProps extends FileFormProps {
  look: Promise<Look>;
  delimiter: string;
  onDelimiter: (delimiter: string) => void;
}

function Inside({ look, ...props }: InsideProps) {
  const found = use(look);
  if ("problem" in found) return <Failure error={found.problem} />;
  return <Form {...props} head={found.head} />;
}

function Form(props: Omit<InsideProps, "look"> & { head: Head }) {
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
      <p role="alert" className="text-bad empty:hidden">
        {problem}
      </p>
    </form>
  );
}
