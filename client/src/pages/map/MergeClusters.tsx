import { useState } from "react";
import { Button } from "../../ui/Button";
import { Field, Input } from "../../ui/Field";
import { FormDialog } from "../../ui/FormDialog";
import { complain } from "../../ui/toast";
import { counted } from "../../ui/words";
import type { EditProps } from "./RenameCluster";
import { useMergeClusters } from "./useMergeClusters";
import type { Cluster } from "./VersionMap";

interface MergeProps extends EditProps {
  clusters: readonly Cluster[];
}

/** Clusters that are one; before it is done one is told what it changes. */
export function MergeClusters({ clusters, versionId, revision, onEdited }: MergeProps) {
  const [effect, setEffect] = useState("");
  const { attempt, merge } = useMergeClusters(versionId, onEdited);
  const asked = { clusters: clusters.map(({ id }) => id), expectedVersion: revision };

  async function open() {
    const { done, refusal } = await attempt(asked);
    if (refusal) complain(refusal);
    if (done?.effect) setEffect(worded(done.effect));
  }

  return (
    <>
      <Button onClick={open}>Merge {clusters.length}</Button>
      {effect && (
        <FormDialog
          title={`Merge ${counted(clusters.length, "cluster")}`}
          description={effect}
          onClose={() => setEffect("")}
          action="Merge"
          send={(form) => merge({ ...asked, name: String(form.get("name")) })}
        >
          {(problemAt) => (
            <Field label="Name of all of it" problem={problemAt("name")}>
              <Input name="name" defaultValue={clusters[0]?.name} required maxLength={200} />
            </Field>
          )}
        </FormDialog>
      )}
    </>
  );
}

interface Effect {
  rows: number;
  clustersBefore: number;
  clustersAfter: number;
  versions: number;
}

const worded = ({ rows, clustersBefore, clustersAfter, versions }: Effect) =>
  `It will have ${counted(rows, "row")}. Of ${counted(clustersBefore, "cluster or group", "clusters and groups")} ${clustersAfter} will be left. It counts in ${counted(versions, "version")} of the model.`;
