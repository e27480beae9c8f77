import { type FormEvent, useState, useTransition } from "react";
import type { CardSection } from "../../../../gql/graphql";
import { Button } from "../../../../ui/Button";
import { Card } from "../../../../ui/Card";
import { Field, TextArea } from "../../../../ui/Field";
import { useEditModelCard } from "./useEditModelCard";

interface Part {
  section: CardSection;
  title: string;
  facts: string[];
  text: string;
}

interface SectionProps {
  part: Part;
  modelId: string;
  revision: number;
  mayChange: boolean;
  onDone: () => Promise<unknown>;
}

/** One section of a card: what the training knows, and what people wrote. */
export function Section({ part, modelId, revision, mayChange, onDone }: SectionProps) {
  const [draft, setDraft] = useState<string>();
  const [problem, setProblem] = useState("");
  const [isPending, start] = useTransition();
  const edit = useEditModelCard(modelId, revision);
  const { section, title, facts, text } = part;

  async function save() {
    const refused = await edit(section, draft ?? "");
    setProblem(refused ?? "");
    if (refused) return;
    await onDone();
    setDraft(undefined);
  }

  function submit(event: FormEvent) {
    event.preventDefault();
    start(save);
  }

  return (
    <Card
      title={title}
      actions={
        mayChange &&
        draft === undefined && (
          <Button look="quiet" aria-label={`Write on: ${title}`} onClick={() => setDraft(text)}>
            {text ? "Edit" : "Write"}
          </Button>
        )
      }
    >
      {facts.length > 0 && (
        <ul className="list-disc pl-5 wrap-anywhere">
          {facts.map((fact) => (
            <li key={fact}>{fact}</li>
          ))}
        </ul>
      )}
      {draft === undefined ? (
        <p className={`mt-2 whitespace-pre-wrap ${text ? "" : "text-soft"}`}>
          {text || "Nobody wrote anything here."}
        </p>
      ) : (
        <form onSubmit={submit} className="mt-2 flex flex-col gap-2">
          <Field label="In people's words" problem={problem || undefined}>
            <TextArea
              rows={6}
              maxLength={10_000}
              value={draft}
              onChange={(event) => setDraft(event.currentTarget.value)}
            />
          </Field>
          <div className="flex justify-end gap-2">
            <Button onClick={() => setDraft(undefined)}>Cancel</Button>
            <Button type="submit" look="primary" disabled={isPending}>
              Save
            </Button>
          </div>
        </form>
      )}
    </Card>
  );
}
