import { type FormEvent, useState, useTransition } from "react";
import { unique } from "../../../api/unique";
import { Button } from "../../../ui/Button";
import { Combobox } from "../../../ui/Combobox";
import { Dialog } from "../../../ui/Dialog";
import { Field, Input, TextArea } from "../../../ui/Field";
import { usePinQuestion } from "./usePinQuestion";

interface PinQuestionProps {
  modelId: string;
  labels: readonly string[];
  onDone: () => void;
}

/** Pins a text that the model has to answer in one way. */
export function PinQuestion({ modelId, labels, onDone }: PinQuestionProps) {
  const [isOpen, setOpen] = useState(false);
  const [key, setKey] = useState("");
  const [text, setText] = useState("");
  const [label, setLabel] = useState<string | null>(null);
  const [why, setWhy] = useState("");
  const [problem, setProblem] = useState("");
  const [isPending, start] = useTransition();
  const pin = usePinQuestion();

  function open(next: boolean) {
    setOpen(next);
    setKey(unique());
    setProblem("");
  }

  async function save() {
    const question = { modelId, text, label: label ?? "", note: why, idempotencyKey: key };
    const refused = await pin(question);
    setProblem(refused ?? "");
    if (refused) return;
    setOpen(false);
    setText("");
    setWhy("");
    onDone();
  }

  function submit(event: FormEvent) {
    event.preventDefault();
    start(save);
  }

  return (
    <Dialog
      title="Pin a question"
      description="A text that every version has to answer in one way. Those that fail are not published."
      open={isOpen}
      onOpenChange={open}
      trigger={<Button>Pin a question</Button>}
    >
      <form onSubmit={submit} className="flex flex-col gap-4">
        <Field label="Text">
          <TextArea
            rows={3}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
        </Field>
        <Field label="Has to be answered">
          <Combobox
            placeholder="a label"
            choices={labels.map((name) => ({ value: name, label: name }))}
            value={label}
            onChange={setLabel}
          />
        </Field>
        <Field label="Why it matters">
          <Input value={why} onChange={(event) => setWhy(event.currentTarget.value)} />
        </Field>
        {problem && (
          <p role="alert" className="text-bad">
            {problem}
          </p>
        )}
        <Button
          type="submit"
          look="primary"
          className="self-end"
          disabled={isPending || !text || !label}
        >
          Pin it
        </Button>
      </form>
    </Dialog>
  );
}
