import { useActionState } from "react";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Field, Input, TextArea } from "../../ui/Field";
import { useUpdateDataset } from "./useUpdateDataset";

interface RenameDatasetProps {
  id: string;
  name: string;
  description: string;
  revision: number;
  onClose: () => void;
}

/** Another name or description. Somebody else's change in the meantime is not overwritten. */
export function RenameDataset({ id, name, description, revision, onClose }: RenameDatasetProps) {
  const update = useUpdateDataset();
  const [problem, submit, isPending] = useActionState(async (_: string, form: FormData) => {
    const refusal = await update({
      id,
      name: String(form.get("name")),
      description: String(form.get("description")),
      expectedVersion: revision,
    });
    if (!refusal) onClose();
    return refusal ?? "";
  }, "");
  return (
    <Dialog title="Rename the data set" open onOpenChange={onClose}>
      <form action={submit} className="flex flex-col gap-3">
        <Field label="Name" problem={problem || undefined}>
          <Input name="name" defaultValue={name} required maxLength={200} />
        </Field>
        <Field label="Description">
          <TextArea name="description" defaultValue={description} rows={3} />
        </Field>
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit" disabled={isPending}>
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
