import { useState } from "react";
import { Button } from "../../../ui/Button";
import { Card } from "../../../ui/Card";
import { Field, Input, TextArea } from "../../../ui/Field";
import { counted } from "../../../ui/words";
import { MOST_BYTES, pastedRows } from "../reading/pasted";
import { useCreateDataset } from "./useCreateDataset";

/** A few rows by hand, without a file. */
export function PasteRows({ onMade }: { onMade: (id: string) => void }) {
  const [text, setText] = useState("");
  const [name, setName] = useState("");
  const [problem, setProblem] = useState("");
  const create = useCreateDataset();
  const rows = pastedRows(text);
  const isTooMuch = new Blob([text]).size > MOST_BYTES;
  const labelled = rows.filter(({ label }) => label).length;

  async function submit() {
    const { id, refusal } = await create({ name, rows });
    setProblem(refusal ?? "");
    if (id) onMade(id);
  }

  return (
    <Card title="Paste rows">
      <form action={submit} className="flex flex-col gap-3">
        <Field
          label="Rows"
          hint="One text a line; its label behind a tab, as copied from a spreadsheet."
          problem={isTooMuch ? "More than 1 MB: save it as a file and upload that." : undefined}
        >
          <TextArea rows={6} value={text} onChange={({ target }) => setText(target.value)} />
        </Field>
        <p role="status" className="text-soft">
          {counted(rows.length, "row")}, {labelled} with a label
        </p>
        <Field label="Name of the new data set" problem={problem || undefined}>
          <Input value={name} onChange={({ target }) => setName(target.value)} maxLength={200} />
        </Field>
        <Button
          type="submit"
          className="self-start"
          disabled={!rows.length || !name.trim() || isTooMuch}
        >
          Create from these rows
        </Button>
      </form>
    </Card>
  );
}
