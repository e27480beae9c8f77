import type { ResultFormat } from "../../gql/graphql";
import { Card } from "../../ui/Card";
import { Combobox } from "../../ui/Combobox";
import { Field } from "../../ui/Field";
import { Select } from "../../ui/Select";
import { Tick } from "../../ui/Tick";

/** Who is to answer, and how the answers are written. */
export interface AnswerWish {
  model: string;
  format: ResultFormat;
  topK: string;
  neighbours: string;
  escapeFormulas: boolean;
}

export const FIRST_WISH: AnswerWish = {
  model: "",
  format: "CSV",
  topK: "3",
  neighbours: "0",
  escapeFormulas: true,
};

const FORMATS: readonly { value: ResultFormat; label: string }[] = [
  { value: "CSV", label: "CSV, for spreadsheets" },
  { value: "JSONL", label: "JSON lines" },
  { value: "PARQUET", label: "Parquet, for large files" },
];
const LABELS = ["1", "3", "5", "10"].map((value) => ({ value, label: value }));
const ROWS = ["0", "1", "3", "5"].map((value) => ({ value, label: value }));

interface AnsweringProps {
  models: readonly string[];
  wish: AnswerWish;
  onWish: (wish: AnswerWish) => void;
}

export function Answering({ models, wish, onWish }: AnsweringProps) {
  const set = (change: Partial<AnswerWish>) => onWish({ ...wish, ...change });
  return (
    <Card title="The answers">
      <div className="grid gap-3 sm:grid-cols-2 lg:grid-cols-4">
        <Field label="Model">
          <Combobox
            choices={models.map((name) => ({ value: name, label: name }))}
            value={wish.model}
            onChange={(model) => model && set({ model })}
          />
        </Field>
        <Field label="Format">
          <Select
            label="Format"
            choices={FORMATS}
            value={wish.format}
            onChange={(format) => set({ format })}
          />
        </Field>
        <Field label="Labels with probabilities" hint="The likeliest of each row.">
          <Select
            label="Labels with probabilities"
            choices={LABELS}
            value={wish.topK}
            onChange={(topK) => set({ topK })}
          />
        </Field>
        <Field label="Nearest training rows" hint="Why the answer is what it is.">
          <Select
            label="Nearest training rows"
            choices={ROWS}
            value={wish.neighbours}
            onChange={(neighbours) => set({ neighbours })}
          />
        </Field>
      </div>
      {wish.format === "CSV" && (
        <div className="mt-3">
          <Tick
            label="Keep spreadsheets from running values as formulas"
            checked={wish.escapeFormulas}
            onChange={(escapeFormulas) => set({ escapeFormulas })}
          />
        </div>
      )}
    </Card>
  );
}
