import { Field, Input, TextArea } from "../../ui/Field";
import { FormDialog } from "../../ui/FormDialog";
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
  return (
    <FormDialog
      title="Rename the data set"
      onClose={onClose}
      action="Save"
      send={(form) =>
        update({
          id,
          name: String(form.get("name")),
          description: String(form.get("description")),
          expectedVersion: revision,
        })
      }
    >
      {(problemAt) => (
        <>
          <Field label="Name" problem={problemAt("name")}>
            <Input name="name" defaultValue={name} required maxLength={200} />
          </Field>
          <Field label="Description" problem={problemAt("description")}>
            <TextArea name="description" defaultValue={description} rows={3} />
          </Field>
        </>
      )}
    </FormDialog>
  );
}
