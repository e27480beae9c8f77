import { Plus } from "lucide-react";
import { useState } from "react";
import type { Scope } from "../../gql/graphql";
import { Button } from "../../ui/Button";
import { Field, Input } from "../../ui/Field";
import { FormDialog } from "../../ui/FormDialog";
import { SecretOnce } from "../../ui/SecretOnce";
import type { Choice } from "../../ui/Select";
import { amountOf, endOfDay } from "./keyWords";
import { ModelTicks } from "./ModelTicks";
import { ScopeTicks } from "./ScopeTicks";
import { useCreateKey } from "./useCreateKey";

const USUAL: readonly Scope[] = ["READ", "PREDICT"];
const FOR_SOME_MODELS: readonly Scope[] = ["READ", "PREDICT"];

interface CreateKeyProps {
  /** What the viewer may do: a key never may more. */
  scopes: readonly Scope[];
  models: readonly Choice<string>[];
  onCreated: () => void;
}

/** A button, its form, and then the key, shown once. */
export function CreateKey({ scopes: mine, models, onCreated }: CreateKeyProps) {
  const [scopes, setScopes] = useState(USUAL);
  const [modelIds, setModelIds] = useState<readonly string[]>([]);
  const [secret, setSecret] = useState<string>();
  const create = useCreateKey();
  const tooMuch = modelIds.length > 0 && scopes.some((each) => !FOR_SOME_MODELS.includes(each));

  async function send(form: FormData) {
    const outcome = await create({
      name: String(form.get("name")),
      scopes: [...scopes],
      modelIds: modelIds.length > 0 ? [...modelIds] : null,
      expiresAt: endOfDay(String(form.get("expiresAt"))),
      budget: { points: amountOf(form, "points"), predictions: amountOf(form, "predictions") },
    });
    if (outcome.done) onCreated();
    setSecret(outcome.done?.key ?? undefined);
    return outcome;
  }

  function startAnew() {
    setScopes(USUAL);
    setModelIds([]);
  }

  return (
    <>
      <FormDialog
        title="New key"
        trigger={
          <Button look="primary">
            <Plus aria-hidden="true" className="size-4" /> New key
          </Button>
        }
        onClose={startAnew}
        action="Make the key"
        isReady={scopes.length > 0 && !tooMuch}
        send={send}
      >
        {(problemAt) => (
          <>
            <Field label="Name" hint="To tell it from others." problem={problemAt("name")}>
              <Input name="name" maxLength={100} required />
            </Field>
            <ScopeTicks scopes={mine} chosen={scopes} onChange={setScopes} />
            {models.length > 0 && (
              <ModelTicks models={models} chosen={modelIds} onChange={setModelIds} />
            )}
            {tooMuch && (
              <p className="text-warn">A key for some models may only read and predict.</p>
            )}
            <div className="grid gap-3 sm:grid-cols-2">
              <Field label="Points a day" hint="No bound if empty." problem={problemAt("points")}>
                <Input name="points" type="number" min={1} />
              </Field>
              <Field
                label="Texts a day"
                hint="No bound if empty."
                problem={problemAt("predictions")}
              >
                <Input name="predictions" type="number" min={1} />
              </Field>
            </div>
            <Field label="Ends after" hint="Never if empty." problem={problemAt("expiresAt")}>
              <Input name="expiresAt" type="date" />
            </Field>
          </>
        )}
      </FormDialog>
      <SecretOnce
        title="Your new key"
        label="API key"
        hint="Send it as the header `Authorization: Bearer …`, and keep it where only the program can read it."
        secret={secret}
        onClose={() => setSecret(undefined)}
      />
    </>
  );
}
