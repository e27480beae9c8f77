import { useState } from "react";
import { Link } from "react-router";
import { Button } from "../../../ui/Button";
import { Tick } from "../../../ui/Tick";
import { complain, note } from "../../../ui/toast";
import { useDatasetPlace } from "../place";
import { useApplyFixes } from "./useApplyFixes";

interface ApplyTrialProps {
  trialId: string;
  applied: { id: string; number: number } | null;
}

/** Makes the tried fixes in a new version, and trains on it if that is wanted. */
export function ApplyTrial({ trialId, applied }: ApplyTrialProps) {
  const { datasetId } = useDatasetPlace();
  const [retrain, setRetrain] = useState(true);
  const apply = useApplyFixes();

  async function make() {
    const refusal = await apply(trialId, retrain);
    if (refusal) complain(refusal);
    else note("The fixes are being made", retrain ? "The model is trained again then." : undefined);
  }

  if (applied) {
    return (
      <p>
        The fixes are in{" "}
        <Link to={`/datasets/${datasetId}?version=${applied.id}`} className="text-accent underline">
          version {applied.number}
        </Link>
        .
      </p>
    );
  }
  return (
    <div className="flex flex-wrap items-center gap-3">
      <Button look="primary" onClick={make}>
        Make these fixes
      </Button>
      <Tick label="Train again afterwards" checked={retrain} onChange={setRetrain} />
    </div>
  );
}
