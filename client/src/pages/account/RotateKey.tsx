import { useState } from "react";
import { Button } from "../../ui/Button";
import { Dialog, DialogClose } from "../../ui/Dialog";
import { Field, Input } from "../../ui/Field";
import { SecretOnce } from "../../ui/SecretOnce";
import { useSubmit } from "../../ui/useSubmit";
import { amountOf, endOfDay } from "./keyWords";
import { useRotateKey } from "./useRotateKey";

/** Another secret for the same key; for a while the old one is good as well. */
export function RotateKey({ id }: { id: string }) {
  const [isOpen, setOpen] = useState(false);
  const [secret, setSecret] = useState<string>();
  const rotate = useRotateKey();
  const { onSubmit, isPending, problem, problemAt } = useSubmit(async (form) => {
    const outcome = await rotate({
      id,
      overlapHours: amountOf(form, "overlap") ?? 0,
      expiresAt: endOfDay(String(form.get("expires"))),
    });
    if (outcome.done?.key) {
      setOpen(false);
      setSecret(outcome.done.key);
    }
    return outcome;
  });
  return (
    <>
      <Dialog
        title="A new secret"
        description="Scopes, models and budget stay as they are."
        open={isOpen}
        onOpenChange={setOpen}
        trigger={<Button>Rotate</Button>}
      >
        <form onSubmit={onSubmit} className="flex flex-col gap-4">
          <Field
            label="The old one is good for"
            hint="Hours, 0 to 168: time to move the programs to the new one."
            problem={problemAt("overlapHours")}
          >
            <Input name="overlap" type="number" min={0} max={168} defaultValue={24} required />
          </Field>
          <Field label="Ends after" hint="As before if empty." problem={problemAt("expiresAt")}>
            <Input name="expires" type="date" />
          </Field>
          <p role="alert" className="text-bad empty:hidden">
            {problem}
          </p>
          <div className="flex justify-end gap-2">
            <DialogClose render={<Button>Cancel</Button>} />
            <Button look="primary" type="submit" disabled={isPending}>
              Make a new secret
            </Button>
          </div>
        </form>
      </Dialog>
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
