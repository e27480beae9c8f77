import type { TrashedKind } from "../../gql/graphql";
import { Consider } from "../../ui/Consider";
import { note } from "../../ui/toast";
import { bytes } from "../../ui/words";
import { goes, stays } from "./effects";
import { usePurge } from "./usePurge";

interface PurgeProps {
  thing: { id: string; kind: TrashedKind; name: string; revision: number };
  onPurged: () => void;
}

/** Deletes for good, after the API has told what that takes along. */
export function Purge({ thing, onPurged }: PurgeProps) {
  const purge = usePurge();

  async function confirm() {
    const { done, refusal } = await purge(thing, false);
    if (done) {
      note(`${thing.name} is being purged`, "The job says what it freed, once that is proved.");
      onPurged();
    }
    return refusal;
  }

  return (
    <Consider
      name="Purge now"
      title={`Delete ${thing.name} for good?`}
      action="Delete for good"
      consider={() => purge(thing, true)}
      tell={({ effect }) =>
        effect && (
          <div className="flex flex-col gap-2">
            <p>
              It frees <strong>{bytes(effect.bytes)}</strong> and cannot be undone.
            </p>
            <Names title="Goes" names={goes(effect, thing.kind)} />
            <Names title="Stays" names={stays(effect)} />
          </div>
        )
      }
      onConfirm={confirm}
    />
  );
}

function Names({ title, names }: { title: string; names: readonly string[] }) {
  if (names.length === 0) return null;
  return (
    <div>
      <p className="font-medium">{title}</p>
      <ul className="list-inside list-disc">
        {names.map((name) => (
          <li key={name}>{name}</li>
        ))}
      </ul>
    </div>
  );
}
