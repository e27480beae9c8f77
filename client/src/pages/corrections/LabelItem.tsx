import { useActionState, useState } from "react";
import type { Decision } from "../../gql/graphql";
import { Button } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { Field } from "../../ui/Field";
import { Suggest } from "../../ui/Suggest";
import { percent } from "../../ui/words";
import { DecisionBadge } from "../playground/DecisionBadge";
import { useCorrect } from "../playground/useCorrect";
import { useSkip } from "./useSkip";

interface LabelItemProps {
  batchId: string;
  prediction: { id: string; text: string; label: string; probability: number; decision: Decision };
  labels: readonly string[];
  onDone: () => Promise<unknown>;
}

/** One text to label: Enter takes what is written, or the model's guess where nothing is. */
export function LabelItem({ batchId, prediction, labels, onDone }: LabelItemProps) {
  const { id, text, label: guess, probability, decision } = prediction;
  const [written, setWritten] = useState("");
  const correct = useCorrect();
  const skip = useSkip(batchId);

  const [problem, act, isPending] = useActionState(async (_: string, step: "label" | "skip") => {
    const refusal = step === "skip" ? await skip(id) : await correct(id, written.trim() || guess);
    if (!refusal) await onDone();
    return refusal ?? "";
  }, "");

  return (
    <Card>
      <blockquote className="border-l-4 border-accent pl-4 text-lg whitespace-pre-wrap wrap-anywhere">
        {text}
      </blockquote>
      <p className="mt-3 flex flex-wrap items-center gap-2 text-soft">
        The model's guess: <span className="font-medium text-ink wrap-anywhere">{guess}</span>
        {percent(probability)} <DecisionBadge decision={decision} />
      </p>
      <form action={() => act("label")} className="mt-4 flex flex-col gap-3">
        <Field
          label="Its label"
          problem={problem}
          hint="One of the model's, or a new one. Empty takes the model's guess."
        >
          <Suggest
            placeholder={guess}
            suggestions={labels}
            value={written}
            onChange={setWritten}
            hasFocus
          />
        </Field>
        <div className="flex flex-wrap gap-2">
          <Button look="primary" type="submit" disabled={isPending}>
            {written.trim() ? `It is ${written.trim()}` : "The guess is right"}
          </Button>
          <Button type="submit" formAction={() => act("skip")} disabled={isPending}>
            Skip
          </Button>
        </div>
      </form>
    </Card>
  );
}
