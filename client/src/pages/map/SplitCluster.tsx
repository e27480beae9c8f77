import { Button } from "../../ui/Button";
import { Field, Input } from "../../ui/Field";
import { FormDialog } from "../../ui/FormDialog";
import type { EditProps } from "./RenameCluster";
import { useSplitCluster } from "./useSplitCluster";
import type { Cluster } from "./VersionMap";

interface SplitProps extends EditProps {
  cluster: Cluster;
}

/** A cluster that is several. */
export function SplitCluster({ cluster, versionId, revision, onEdited }: SplitProps) {
  const split = useSplitCluster(versionId, onEdited);
  return (
    <FormDialog
      title={`Split “${cluster.name}”`}
      description="Its texts are divided by what they say: those that are alike stay together."
      trigger={<Button>Split</Button>}
      action="Split"
      send={(form) =>
        split({ cluster: cluster.id, into: Number(form.get("into")), expectedVersion: revision })
      }
    >
      {(problemAt) => (
        <Field label="Into how many" hint="2 to 12" problem={problemAt("into")}>
          <Input name="into" type="number" min={2} max={12} defaultValue={2} required />
        </Field>
      )}
    </FormDialog>
  );
}
