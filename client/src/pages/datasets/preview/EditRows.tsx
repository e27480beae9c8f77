import { useState } from "react";
import { useNavigate } from "react-router";
import type { RowEditInput } from "../../../gql/graphql";
import { Button } from "../../../ui/Button";
import { Dialog } from "../../../ui/Dialog";
import { Field, Input, TextArea } from "../../../ui/Field";
import { Problem } from "../../../ui/Problem";
import { Tick } from "../../../ui/Tick";
import { counted } from "../../../ui/words";
import { useDatasetPlace } from "../place";
import { effectInWords } from "./effect";
import { useEditDataset } from "./useEditDataset";

interface EditedRow {
  row: number;
  text: string;
  label: string | null;
  isCut: boolean;
}

interface EditRowsProps {
  versionId: string;
  rows: readonly EditedRow[];
  onClose: () => void;
}

/** Another label, another text, or away with them: the effect is told before the version is made. */
export function EditRows({ versionId, rows, onClose }: EditRowsProps) {
  const first = rows[0];
  const single = rows.length === 1 && !first?.isCut ? first : undefined;
  const { datasetId } = useDatasetPlace();
  const [label, setLabel] = useState(first?.label ?? "");
  const [text, setText] = useState(single?.text ?? "");
  const [drop, setDrop] = useState(false);
  const [note, setNote] = useState("");
  const [told, setTold] = useState("");
  const [problem, setProblem] = useState("");
  const edit = useEditDataset();
  const navigate = useNavigate();

  const edits = rows.map(({ row }): RowEditInput => {
    if (drop) return { row, drop };
    return { row, label, ...(single && text !== single.text ? { text } : {}) };
  });
  const input = { datasetVersionId: versionId, edits, note };

  async function foretell() {
    const { done, refusal } = await edit.effect(input);
    setProblem(refusal ?? "");
    setTold(done?.effect ? effectInWords(done.effect) : "");
  }

  async function apply() {
    const refusal = await edit.now(input);
    setProblem(refusal ?? "");
    if (!refusal) navigate(`/datasets/${datasetId}`);
    if (!refusal) onClose();
  }

  function change(next: () => void) {
    setTold("");
    next();
  }

  return (
    <Dialog
      title={`Edit ${counted(rows.length, "row")}`}
      description="What you change becomes the data set's next version; this one stays."
      open
      onOpenChange={onClose}
    >
      <Tick
        label={rows.length === 1 ? "Drop the row" : "Drop the rows"}
        checked={drop}
        onChange={(next) => change(() => setDrop(next))}
      />
      {!drop && (
        <Field label="Label" hint="Empty takes the label away.">
          <Input value={label} onChange={({ target }) => change(() => setLabel(target.value))} />
        </Field>
      )}
      {!drop && single && (
        <Field label="Text">
          <TextArea
            rows={4}
            value={text}
            onChange={({ target }) => change(() => setText(target.value))}
          />
        </Field>
      )}
      <Field label="Why" hint="For whoever looks at the version later.">
        <Input value={note} onChange={({ target }) => setNote(target.value)} />
      </Field>
      <p role="status" className="text-soft empty:hidden">
        {told}
      </p>
      <Problem>{problem}</Problem>
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        {told ? (
          <Button look="primary" onClick={apply}>
            Make the new version
          </Button>
        ) : (
          <Button look="primary" onClick={foretell}>
            What will change?
          </Button>
        )}
      </div>
    </Dialog>
  );
}
