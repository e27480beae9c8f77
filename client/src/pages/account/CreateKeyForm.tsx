import { useState } from "react";
import type { Scope } from "../../gql/graphql";
import { Button } from "../../ui/Button";
import { DialogClose } from "../../ui/Dialog";
import { Field, Input } from "../../ui/Field";
import type { Choice } from "../../ui/Select";
import { Tick } from "../../ui/Tick";
import { useSubmit } from "../../ui/useSubmit";
import { amountOf, endOfDay } from "./keyWords";
import { ModelTicks } from "./ModelTicks";
import { useCreateKey } from "./useCreateKey";

const SCOPES: readonly { scope: Scope; label: string; hint: string }[] = [
  { scope: "READ", label: "Read", hint: "Run queries and subscriptions." },
  { scope: "PREDICT", label: "Predict", hint: "Ask models for answers, and correct them." },
  { scope: "WRITE", label: "Write", hint: "Upload, train, publish and change." },
  { scope: "ADMIN", label: "Admin", hint: "Manage users, and see what belongs to others." },
];
const FOR_SOME_MODELS: readonly Scope[] = ["READ", "PREDICT"];

interface CreateKeyFormProps {
  scopes: readonly Scope[];
  models: readonly Choice<string>[];
  onCreated: (key: string) => void;
}

export function CreateKeyForm({ scopes: mine, models, onCreated }: CreateKeyFormProps) {
  const [scopes, setScopes] = useState<readonly Scope[]>(["READ", "PREDICT"]);
  const [modelIds, setModelIds] = useState<readonly string[]>([]);
  const create = useCreateKey();
  const { onSubmit, isPending, problem, problemAt } = useSubmit(async (form) => {
    const outcome = await create({
      name: String(form.get("name")),
      scopes: [...scopes],
      modelIds: modelIds.length > 0 ? [...modelIds] : null,
      expiresAt: endOfDay(String(form.get("expires"))),
      budget: { points: amountOf(form, "points"), predictions: amountOf(form, "predictions") },
    });
    if (outcome.done?.key) onCreated(outcome.done.key);
    return outcome;
  });
  const tooMuch = modelIds.length > 0 && scopes.some((each) => !FOR_SOME_MODELS.includes(each));

  return (
    <form onSubmit={onSubmit} className="flex flex-col gap-4">
      <Field label="Name" hint="To tell it from others." problem={problemAt("name")}>
        <Input name="name" maxLength={100} required />
      </Field>
      <fieldset className="flex flex-col gap-2">
        <legend className="mb-1 font-medium">What it may do</legend>
        {SCOPES.filter(({ scope }) => mine.includes(scope)).map(({ scope, label, hint }) => (
          <Tick
            key={scope}
            label={label}
            hint={hint}
            checked={scopes.includes(scope)}
            onChange={(on) =>
              setScopes(on ? [...scopes, scope] : scopes.filter((each) => each !== scope))
            }
          />
        ))}
      </fieldset>
      {models.length > 0 && <ModelTicks models={models} chosen={modelIds} onChange={setModelIds} />}
      {tooMuch && <p className="text-warn">A key for some models may only read and predict.</p>}
      <div className="grid gap-3 sm:grid-cols-2">
        <Field label="Points a day" hint="No bound if empty." problem={problemAt("points")}>
          <Input name="points" type="number" min={1} />
        </Field>
        <Field label="Texts a day" hint="No bound if empty." problem={problemAt("predictions")}>
          <Input name="predictions" type="number" min={1} />
        </Field>
      </div>
      <Field label="Ends after" hint="Never if empty." problem={problemAt("expiresAt")}>
        <Input name="expires" type="date" />
      </Field>
      <p role="alert" className="text-bad empty:hidden">
        {problem}
      </p>
      <div className="flex justify-end gap-2">
        <DialogClose render={<Button>Cancel</Button>} />
        <Button look="primary" type="submit" disabled={isPending || scopes.length === 0 || tooMuch}>
          Make the key
        </Button>
      </div>
    </form>
  );
}
