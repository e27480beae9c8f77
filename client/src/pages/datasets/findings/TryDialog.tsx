import { Suspense } from "react";
import { Dialog } from "../../../ui/Dialog";
import { Loading } from "../../../ui/States";
import { counted } from "../../../ui/words";
import type { RowFix } from "./fixes";
import { TryForm } from "./TryForm";

interface TryDialogProps {
  fixes: readonly RowFix[];
  onClose: () => void;
}

/** What fixes would gain, found out on a model before the data set changes. */
export function TryDialog({ fixes, onClose }: TryDialogProps) {
  return (
    <Dialog
      title={`Try ${counted(fixes.length, "fix", "fixes")}`}
      description="The head of a model is fitted again with the fixes and judged on the same test rows. Nothing else changes."
      open
      onOpenChange={onClose}
    >
      <Suspense fallback={<Loading lines={2} />}>
        <TryForm fixes={fixes} onClose={onClose} />
      </Suspense>
    </Dialog>
  );
}
