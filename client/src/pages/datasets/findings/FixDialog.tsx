import { Suspense, use, useState } from "react";
import { useNavigate } from "react-router";
import { Button } from "../../../ui/Button";
import { Dialog } from "../../../ui/Dialog";
import { Failure, Loading } from "../../../ui/States";
import { counted } from "../../../ui/words";
import { useDatasetPlace } from "../place";
import { effectInWords } from "../preview/effect";
import { type ForetoldFix, useFixFindings } from "./useFixFindings";

interface FixDialogProps {
  ids: readonly string[];
  onClose: () => void;
  onFixed: () => void;
}

/** Mends findings as they propose, in a new version; what that changes is told first. */
export function FixDialog({ ids, onClose, onFixed }: FixDialogProps) {
  const { datasetId, version } = useDatasetPlace();
  const fix = useFixFindings();
  const navigate = useNavigate();
  const asked = { datasetVersionId: version.id, ids: [...ids] };
  const [effect] = useState(() => fix.effect(asked));
  const [problem, setProblem] = useState("");

  async function apply() {
    const refusal = await fix.now(asked);
    setProblem(refusal ?? "");
    if (refusal) return;
    onFixed();
    navigate(`/datasets/${datasetId}`);
  }

  return (
    <Dialog title={`Fix ${counted(ids.length, "finding")}?`} open onOpenChange={onClose}>
      <Suspense fallback={<Loading lines={2} />}>
        <Effect effect={effect} />
      </Suspense>
      <p role="alert" className="text-bad empty:hidden">
        {problem}
      </p>
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button look="primary" onClick={apply}>
          Make the new version
        </Button>
      </div>
    </Dialog>
  );
}

function Effect({ effect: promise }: { effect: Promise<ForetoldFix> }) {
  const { effect, refusal } = use(promise);
  if (!effect) return <Failure error={refusal ?? "The effect could not be told."} />;
  return <p>{effectInWords(effect)} This version stays as it is.</p>;
}
