import { Button } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { Moment } from "../../ui/Moment";
import { counted, plainName } from "../../ui/words";
import { useUndoClusterEdit } from "./useUndoClusterEdit";
import type { ClusterMap } from "./VersionMap";

const SHOWN = 20;

interface EditLogProps {
  version: string;
  map: ClusterMap;
  onEdited: () => void;
}

/** Who did what to the clusters, and what of it can be taken back. */
export function EditLog({ version, map, onEdited }: EditLogProps) {
  const undo = useUndoClusterEdit(version, onEdited);
  if (map.edits.length === 0) return null;
  const names = new Map(map.clusters.map(({ id, name }) => [id, name]));
  return (
    <Card title="Edits">
      <ul className="flex flex-col gap-2">
        {map.edits.slice(0, SHOWN).map((edit) => (
          <li key={edit.id} className="flex flex-wrap items-center gap-2">
            <span className="min-w-0 flex-1">
              {plainName(edit.kind)} {whatOf(edit, names)}{" "}
              <span className="text-soft">
                <Moment at={edit.at} />
                {edit.by && ` by ${edit.by.name}`}
                {edit.reason && ` · ${edit.reason}`}
              </span>
            </span>
            {edit.applies && edit.kind !== "UNDONE" && (
              <Button onClick={() => undo(edit.id)}>Undo</Button>
            )}
          </li>
        ))}
      </ul>
      {map.edits.length > SHOWN && (
        <p className="mt-2 text-xs text-soft">
          The newest {SHOWN} of {counted(map.edits.length, "edit")}.
        </p>
      )}
    </Card>
  );
}

function whatOf(
  { name, clusters, parts }: ClusterMap["edits"][number],
  names: Map<string, string>,
) {
  const known = clusters.map((id) => names.get(id)).filter(Boolean);
  const what = known.length > 0 ? known.map((each) => `“${each}”`).join(", ") : "";
  if (parts.length > 0) return `${what} into ${parts.length}`;
  return name && !known.includes(name) ? `${what} to “${name}”` : what;
}
