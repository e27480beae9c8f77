import { useState } from "react";
import type { QuotaBars_QuotaFragment, QuotaKind } from "../../gql/graphql";
import { Button } from "../../ui/Button";
import { Field, Input } from "../../ui/Field";
import { FormDialog } from "../../ui/FormDialog";
import { Select } from "../../ui/Select";
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
  const [kind, setKind] = useState<QuotaKind>("STORAGE_BYTES");
  const setQuota = useSetQuota();
  const quota = quotas.find((each) => each.kind === kind);

  async function send(form: FormData) {
    const outcome = await setQuota({ userId, kind, limit: amountOf(form, "limit") });
    if (outcome.done) onChanged();
    return outcome;
  }

  return (
    <FormDialog
      title="Change a quota"
      description="What they have already stays, also when it is more."
      trigger={<Button>Change</Button>}
      action="Set the quota"
      send={send}
    >
      {(problemAt) => (
        <>
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
        </>
      )}
    </FormDialog>
  );
}
