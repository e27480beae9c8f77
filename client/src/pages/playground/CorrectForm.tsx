import { useActionState, useState } from "react";
import { Button } from "../../ui/Button";
import { Field } from "../../ui/Field";
import { Suggest } from "../../ui/Suggest";

interface CorrectFormProps {
  labels: readonly string[];
  /** The label that it is not. */
  wrong: string;
  /** May answer with what was refused. */
  onSay: (label: string) => Promise<string | undefined>;
}

/** What an answer should have been: one of the model's labels, or a new one. */
export function CorrectForm({ labels, wrong, onSay }: CorrectFormProps) {
  const [label, setLabel] = useState("");
  const [problem, submit, isPending] = useActionState(
    async () => (await onSay(label.trim())) ?? "",
    "",
  );
  const isNew = label.trim() !== "" && !labels.includes(label.trim());
  return (
    <form action={submit} className="flex flex-col gap-2">
      <Field
        label="The right label"
        problem={problem}
        hint={
          isNew
            ? "A label that the model does not know yet: it learns it when enough texts have it."
            : "One of the model's labels, or a new one."
        }
      >
        <Suggest
          placeholder="Type to find one"
          suggestions={labels.filter((each) => each !== wrong)}
          value={label}
          onChange={setLabel}
        />
      </Field>
      <Button
        look="primary"
        type="submit"
        className="self-start"
        disabled={isPending || label.trim() === ""}
      >
        {isNew ? "Send the new label" : "Send"}
      </Button>
    </form>
  );
}
