import { useState } from "react";
import { Button } from "../../../ui/Button";
import { Combobox } from "../../../ui/Combobox";
import { Field, Input, TextArea } from "../../../ui/Field";
import { FormDialog } from "../../../ui/FormDialog";
import { usePinQuestion } from "./usePinQuestion";

interface PinQuestionProps {
  modelId: string;
  labels: readonly string[];
  onDone: () => void;
}

/** Pins a text that the model has to answer in one way. */
export function PinQuestion({ modelId, labels, onDone }: PinQuestionProps) {
  const [label, setLabel] = useState<string | null>(null);
  const pin = usePinQuestion();

  async function send(form: FormData) {
    const [text, note] = [String(form.get("text")), String(form.get("note"))];
    const outcome = await pin({ modelId, text, label: label ?? "", note });
    if (outcome.done) onDone();
    return outcome;
  }

  return (
    <FormDialog
      title="Pin a question"
      description="A text that every version has to answer in one way. Those that fail are not published."
      trigger={<Button>Pin a question</Button>}
      action="Pin it"
      isReady={label !== null}
      send={send}
    >
      {(problemAt) => (
        <>
          <Field label="Text" problem={problemAt("text")}>
            <TextArea name="text" rows={3} required />
          </Field>
          <Field label="Has to be answered">
            <Combobox
              placeholder="a label"
              choices={labels.map((name) => ({ value: name, label: name }))}
              value={label}
              onChange={setLabel}
            />
          </Field>
          <Field label="Why it matters" problem={problemAt("note")}>
            <Input name="note" />
          </Field>
        </>
      )}
    </FormDialog>
  );
}
