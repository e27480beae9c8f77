import { useActionState, useState } from "react";
import { Button } from "../../ui/Button";
import { Dialog, DialogClose } from "../../ui/Dialog";
import { Field, Input } from "../../ui/Field";
import { useRenameCluster } from "./useRenameCluster";
import type { Cluster } from "./VersionMap";

export interface EditProps {
  versionId: string;
  revision: number;
  onEdited: () => void;
}

/** Another name for a cluster, also in the versions to come. */
export function RenameCluster({
  cluster,
  versionId,
  revision,
  onEdited,
}: EditProps & { cluster: Cluster }) {
  const [isOpen, setOpen] = useState(false);
  const rename = useRenameCluster(versionId, onEdited);
  const [problem, submit, isPending] = useActionState(async (_: string, form: FormData) => {
    const name = String(form.get("name"));
    const refusal = await rename({ cluster: cluster.id, name, expectedVersion: revision });
    setOpen(refusal !== undefined);
    return refusal ?? "";
  }, "");
  return (
    <Dialog
      title="Rename the cluster"
      description="The name holds in all versions in which the cluster is still there."
      trigger={<Button>Rename</Button>}
      open={isOpen}
      onOpenChange={setOpen}
    >
      <form action={submit} className="flex flex-col gap-3">
        <Field label="Name" problem={problem || undefined}>
          <Input name="name" defaultValue={cluster.name} required maxLength={200} />
        </Field>
        <div className="flex justify-end gap-2">
          <DialogClose render={<Button>Cancel</Button>} />
          <Button look="primary" type="submit" disabled={isPending}>
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
