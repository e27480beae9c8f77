import { useState } from "react";
import type { QuotaBars_QuotaFragment, QuotaKind } from "../../gql/graphql";
import { Button } from "../../ui/Button";
import { Dialog, DialogClose } from "../../ui/Dialog";
import { Field, Input } from "../../ui/Field";
import { Select } from "../../ui/Select";
import { useSubmit } from "../../ui/useSubmit";
import { amountOf } from "../account/keyWords";
import { amount, QUOTAS } from "../account/quotaWords";
import { useSetQuota } from "./useSetQuota";

interface SetQuotaProps {
  userId: string;
  quotas: readonly QuotaBars_QuotaFragment[];
  onChanged: () => void;
}

/** Another limit for one user, or the one that everybody has. */
export function SetQuota({ userId, quotas, onChanged }: SetQuotaProps) {
  const [isOpen, setOpen] = useState(false);
  const [kind, setKind] = useState<QuotaKind>("STORAGE_BYTES");
  const setQuota = useSetQuota();
  const quota = quotas.find((each) => each.kind === kind);
  const { onSubmit, isPending, problem, problemAt } = useSubmit(async (form) => {
    const outcome = await setQuota({ userId, kind, limit: amountOf(form, "limit") });
    if (outcome.done) {
      setOpen(false);
      onChanged();
    }
    return outcome;
  });
  return (
    <Dialog
      title="Change a quota"
      description="What they have already stays, also when it is more."
      open={isOpen}
      onOpenChange={setOpen}
      trigger={<Button>Change</Button>}
    >
      <form onSubmit={onSubmit} className="flex flex-col gap-4">
        <Field label="Of what">
          <Select
            choices={quotas.map((each) => ({ value: each.kind, label: QUOTAS[each.kind] }))}
            value={kind}
            onChange={setKind}
          />
        </Field>
        <Field
          label={kind === "STORAGE_BYTES" ? "At most (bytes)" : "At most"}
          hint={`What everybody gets if empty. Now: ${quota ? amount(kind, quota.limit) : "unknown"}.`}
          problem={problemAt("limit")}
        >
          <Input
            key={kind}
            name="limit"
            type="number"
            min={0}
            defaultValue={quota && !quota.isDefault ? quota.limit : ""}
          />
        </Field>
        <p role="alert" className="text-bad empty:hidden">
          {problemAt("limit") ? "" : problem}
        </p>
        <div className="flex justify-end gap-2">
          <DialogClose render={<Button>Cancel</Button>} />
          <Button look="primary" type="submit" disabled={isPending}>
            Set the quota
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
