import { useState } from "react";
import type { Outcome } from "../../api/outcome";
import { Button } from "../../ui/Button";
import { Field, Input, TextArea } from "../../ui/Field";
import { Problem } from "../../ui/Problem";
import { useSubmit } from "../../ui/useSubmit";
import { documentProblem, variablesOf } from "./documentProblem";
import { ExamplePick } from "./ExamplePick";
import type { Example } from "./examples";

/** What a webhook is made of. */
export interface Asked {
  name: string;
  url: string;
  document: string;
  variables: Record<string, unknown>;
}

interface WebhookFormProps {
  /** The verb on the button. */
  action: string;
  examples: readonly Example[];
  /** What is there already. */
  start?: { name: string; url: string; document: string; variables: string };
  onSend: (asked: Asked) => Promise<Outcome<unknown>>;
}

/** The subscription is looked at while it is typed; the server has the last word on it. */
export function WebhookForm({ action, examples, start, onSend }: WebhookFormProps) {
  const [typed, setTyped] = useState(start ?? { name: "", url: "", document: "", variables: "{}" });
  const given = variablesOf(typed.variables);
  const wrong = typed.document === "" ? undefined : documentProblem(typed.document);
  const { onSubmit, isPending, problem, problemAt } = useSubmit(async () =>
    "problem" in given
      ? { refusal: given.problem, field: "variables" }
      : onSend({ ...typed, variables: given.variables }),
  );

  return (
    <form onSubmit={onSubmit} className="grid grid-cols-1 items-start gap-4 lg:grid-cols-2">
      <div className="flex min-w-0 flex-col gap-4">
        <Field label="Name" problem={problemAt("name")}>
          <Input
            name="name"
            value={typed.name}
            onValueChange={(name) => setTyped({ ...typed, name })}
            maxLength={100}
            required
          />
        </Field>
        <Field
          label="URL"
          hint="https, to a public address; whoever runs the platform may allow more."
          problem={problemAt("url")}
        >
          <Input
            name="url"
            type="url"
            placeholder="https://hooks.example.com/shoal"
            value={typed.url}
            onValueChange={(url) => setTyped({ ...typed, url })}
            required
          />
        </Field>
        <Field label="Variables" hint="JSON." problem={problemAt("variables")}>
          <TextArea
            name="variables"
            rows={4}
            spellCheck={false}
            className="w-full rounded-md border border-line bg-surface p-2 font-mono text-xs"
            value={typed.variables}
            onChange={(event) => setTyped({ ...typed, variables: event.target.value })}
          />
        </Field>
      </div>
      <div className="flex min-w-0 flex-col gap-4">
        <Field
          label="Subscription"
          hint="To activity, predictionFeed, jobEvents, jobLog, datasetEvents or modelEvents."
          problem={wrong ?? problemAt("document")}
        >
          <TextArea
            name="document"
            rows={14}
            spellCheck={false}
            required
            className="w-full rounded-md border border-line bg-surface p-2 font-mono text-xs"
            value={typed.document}
            onChange={(event) => setTyped({ ...typed, document: event.target.value })}
          />
        </Field>
        <ExamplePick
          examples={examples}
          onPick={({ name, document, variables }) =>
            setTyped({ ...typed, name: typed.name || name, document, variables })
          }
        />
      </div>
      <div className="flex flex-wrap items-center gap-3 lg:col-span-2">
        <Button look="primary" type="submit" disabled={isPending || wrong !== undefined}>
          {action}
        </Button>
        <Problem>{problem}</Problem>
      </div>
    </form>
  );
}
