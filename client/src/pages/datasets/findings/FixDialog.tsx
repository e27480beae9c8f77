import { Suspense, use, useState } from "react";
import { useNavigate } from "react-router";
import { Confirm } from "../../../ui/Confirm";
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

  async function apply() {
    const refusal = await fix.now(asked);
    if (refusal) return refusal;
    onFixed();
    navigate(`/datasets/${datasetId}`);
    return undefined;
  }

  return (
    <Confirm
      title={`Fix ${counted(ids.length, "finding")}?`}
      action="Make the new version"
      look="primary"
      onConfirm={apply}
      onClose={onClose}
    >
      <Suspense fallback={<Loading lines={2} />}>
        <Effect effect={effect} />
      </Suspense>
    </Confirm>
  );
}

function Effect({ effect: promise }: { effect: Promise<ForetoldFix> }) {
  const { done, refusal } = use(promise);
  if (!done?.effect) return <Failure error={refusal ?? "The effect could not be told."} />;
  return <p>{effectInWords(done.effect)} This version stays as it is.</p>;
}
