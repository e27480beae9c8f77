import { useActionState, useState } from "react";
import { Button } from "../../ui/Button";
import { Dialog, DialogClose } from "../../ui/Dialog";
import { Field, Input } from "../../ui/Field";
import type { EditProps } from "./RenameCluster";
import { useSplitCluster } from "./useSplitCluster";
import type { Cluster } from "./VersionMap";

/** A cluster that is several. */
export function SplitCluster({
  cluster,
  versionId,
  revision,
  onEdited,
}: EditProps & { cluster: Cluster }) {
  const [isOpen, setOpen] = useState(false);
  const split = useSplitCluster(versionId, onEdited);
  const [problem, submit, isPending] = useActionState(async (_: string, form: FormData) => {
    const into = Number(form.get("into"));
    const refusal = await split({ cluster: cluster.id, into, expectedVersion: revision });
    setOpen(refusal !== undefined);
    return refusal ?? "";
  }, "");
  return (
    <Dialog
      title={`Split “${cluster.name}”`}
      description="Its texts are divided by what they say: those that are alike stay together."
      trigger={<Button>Split</Button>}
      open={isOpen}
      onOpenChange={setOpen}
    >
      <form action={submit} className="flex flex-col gap-3">
        <Field label="Into how many" hint="2 to 12" problem={problem || undefined}>
          <Input name="into" type="number" min={2} max={12} defaultValue={2} required />
        </Field>
        <div className="flex justify-end gap-2">
          <DialogClose render={<Button>Cancel</Button>} />
          <Button look="primary" type="submit" disabled={isPending}>
            Split
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
