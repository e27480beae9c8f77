import { use } from "react";
import { Facts } from "../../ui/Facts";
import { Failure } from "../../ui/States";
import { bytes, counted } from "../../ui/words";
import type { Foretold } from "./useDeleteDataset";

/** What a deletion takes along, what stays, and what stands against it. */
export function DeletionEffect({ effect: promise }: { effect: Promise<Foretold> }) {
  const { done, refusal } = use(promise);
  const effect = done?.effect;
  if (!effect) return <Failure error={refusal ?? "The effect could not be told."} />;
  return (
    <div className="flex flex-col gap-4">
      <Facts
        facts={[
          ["goes", counted(effect.versions, "version")],
          ["frees", bytes(effect.bytes)],
          ["stays", `${counted(effect.models.length, "model")} trained from it`],
          ["until then", new Date(effect.purgeAt).toLocaleString()],
        ]}
      />
      <p>
        It goes to the trash. You can take that back with the button in the note that follows, or
        from the trash until the time above; then it is gone for good.
      </p>
      {effect.blockers.length > 0 && (
        <ul role="alert" className="list-disc pl-5 text-bad">
          {effect.blockers.map(({ message }) => (
            <li key={message}>{message}</li>
          ))}
        </ul>
      )}
    </div>
  );
}
