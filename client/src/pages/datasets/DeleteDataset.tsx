import { Suspense, useState } from "react";
import { useNavigate } from "react-router";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
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
  const [problem, setProblem] = useState("");

  async function confirm() {
    const refusal = await remove.now(id, name, revision);
    setProblem(refusal ?? "");
    if (!refusal) navigate("/datasets");
  }

  return (
    <Dialog title={`Delete ${name}?`} open onOpenChange={onClose}>
      <Suspense fallback={<Loading lines={3} />}>
        <DeletionEffect effect={effect} />
      </Suspense>
      {problem && (
        <p role="alert" className="text-bad">
          {problem}
        </p>
      )}
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button look="danger" onClick={confirm}>
          Delete the data set
        </Button>
      </div>
    </Dialog>
  );
}
