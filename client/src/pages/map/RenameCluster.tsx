import { Button } from "../../ui/Button";
import { Field, Input } from "../../ui/Field";
import { FormDialog } from "../../ui/FormDialog";
import { useRenameCluster } from "./useRenameCluster";
import type { Cluster } from "./VersionMap";

export interface EditProps {
  versionId: string;
  revision: number;
  onEdited: () => void;
}

interface RenameProps extends EditProps {
  cluster: Cluster;
}

/** Another name for a cluster, also in the versions to come. */
export function RenameCluster({ cluster, versionId, revision, onEdited }: RenameProps) {
  const rename = useRenameCluster(versionId, onEdited);
  return (
    <FormDialog
      title="Rename the cluster"
      description="The name holds in all versions in which the cluster is still there."
      trigger={<Button>Rename</Button>}
      action="Save"
      send={(form) =>
        rename({ cluster: cluster.id, name: String(form.get("name")), expectedVersion: revision })
      }
    >
      {(problemAt) => (
        <Field label="Name" problem={problemAt("name")}>
          <Input name="name" defaultValue={cluster.name} required maxLength={200} />
        </Field>
      )}
    </FormDialog>
  );
}
