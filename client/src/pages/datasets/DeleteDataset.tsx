import { Suspense, useState } from "react";
import { useNavigate } from "react-router";
import { Confirm } from "../../ui/Confirm";
import { Loading } from "../../ui/States";
import { DeletionEffect } from "./DeletionEffect";
import { useDeleteDataset } from "./useDeleteDataset";

interface DeleteDatasetProps {
  id: string;
  name: string;
  revision: number;
  onClose: () => void;
}

/** Tells what a deletion takes along, then does it; for a while it can be undone. */
export function DeleteDataset({ id, name, revision, onClose }: DeleteDatasetProps) {
  const remove = useDeleteDataset();
  const navigate = useNavigate();
  const [effect] = useState(() => remove.effect(id));

  async function confirm() {
    const refusal = await remove.now(id, name, revision);
    if (!refusal) navigate("/datasets");
    return refusal;
  }

  return (
    <Confirm
      title={`Delete ${name}?`}
      action="Delete the data set"
      onConfirm={confirm}
      onClose={onClose}
    >
      <Suspense fallback={<Loading lines={3} />}>
        <DeletionEffect effect={effect} />
      </Suspense>
    </Confirm>
  );
}
