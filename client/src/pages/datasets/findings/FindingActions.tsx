import { useState } from "react";
import type { FindingStatus } from "../../../gql/graphql";
import { Button } from "../../../ui/Button";
import { complain, note } from "../../../ui/toast";
import { counted } from "../../../ui/words";
import { FixDialog } from "./FixDialog";
import { fixesOf, MOST_TRIED, type RowFix } from "./fixes";
import { TryDialog } from "./TryDialog";
import { useDismiss } from "./useDismiss";

interface FindingActionsProps {
  chosen: readonly { id: string; edits: readonly RowFix[] }[];
  status: FindingStatus;
  onDecided: () => void;
}

/** What may be done with the chosen findings. */
export function FindingActions({ chosen, status, onDecided }: FindingActionsProps) {
  const [open, setOpen] = useState<"fix" | "try">();
  const dismiss = useDismiss();
  const ids = chosen.map(({ id }) => id);
  const fixable = chosen.filter(({ edits }) => edits.length > 0);
  const fixes = fixesOf(chosen);
  const close = () => setOpen(undefined);

  async function decide(reopen: boolean) {
    const refusal = await dismiss(ids, reopen);
    if (refusal) return complain(refusal);
    note(`${counted(ids.length, "finding")} ${reopen ? "opened again" : "dismissed"}`);
    onDecided();
  }

  if (status === "FIXED") return null;
  if (status === "DISMISSED") {
    return (
      <div>
        <Button disabled={ids.length === 0} onClick={() => decide(true)}>
          Open again
        </Button>
      </div>
    );
  }
  return (
    <div className="flex flex-wrap items-center gap-2">
      <Button disabled={fixable.length === 0} onClick={() => setOpen("fix")}>
        {fixable.length > 0 ? `Fix ${counted(fixable.length, "finding")} …` : "Fix …"}
      </Button>
      <Button disabled={ids.length === 0} onClick={() => decide(false)}>
        Dismiss
      </Button>
      <Button look="primary" disabled={fixes.length === 0} onClick={() => setOpen("try")}>
        {fixes.length > 0 ? `Try ${counted(fixes.length, "fix", "fixes")} …` : "Try fixes …"}
      </Button>
      <span className="text-xs text-soft">
        Choose findings; up to {MOST_TRIED} fixes can be tried on a model before anything changes.
      </span>
      {open === "fix" && (
        <FixDialog ids={fixable.map(({ id }) => id)} onClose={close} onFixed={onDecided} />
      )}
      {open === "try" && <TryDialog fixes={fixes} onClose={close} />}
    </div>
  );
}
