import { useState } from "react";
import { Button } from "../../ui/Button";
import { Field, Input } from "../../ui/Field";
import { FormDialog } from "../../ui/FormDialog";
import { SecretOnce } from "../../ui/SecretOnce";
import { amountOf, endOfDay } from "./keyWords";
import { useRotateKey } from "./useRotateKey";

/** Another secret for the same key; for a while the old one is good as well. */
export function RotateKey({ id }: { id: string }) {
  const [secret, setSecret] = useState<string>();
  const rotate = useRotateKey();

  async function send(form: FormData) {
    const outcome = await rotate({
      id,
      overlapHours: amountOf(form, "overlapHours") ?? 0,
      expiresAt: endOfDay(String(form.get("expiresAt"))),
    });
    setSecret(outcome.done?.key ?? undefined);
    return outcome;
  }

  return (
    <>
      <FormDialog
        title="A new secret"
        description="Scopes, models and budget stay as they are."
        trigger={<Button>Rotate</Button>}
        action="Make a new secret"
        send={send}
      >
        {(problemAt) => (
          <>
            <Field
              label="The old one is good for"
              hint="Hours, 0 to 168: time to move the programs to the new one."
              problem={problemAt("overlapHours")}
            >
              <Input
                name="overlapHours"
                type="number"
                min={0}
                max={168}
                defaultValue={24}
                required
              />
            </Field>
            <Field label="Ends after" hint="As before if empty." problem={problemAt("expiresAt")}>
              <Input name="expiresAt" type="date" />
            </Field>
          </>
        )}
      </FormDialog>
      <SecretOnce
        title="The new secret"
        label="API key"
        hint="Move your programs to it while the old one is still good."
        secret={secret}
        onClose={() => setSecret(undefined)}
      />
    </>
  );
}
