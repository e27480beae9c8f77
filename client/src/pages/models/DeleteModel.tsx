import { Link, useNavigate } from "react-router";
import { Consider } from "../../ui/Consider";
import { Facts } from "../../ui/Facts";
import { note } from "../../ui/toast";
import { bytes, count, date } from "../../ui/words";
import { useDeleteModel } from "./useDeleteModel";

interface DeleteModelProps {
  id: string;
  name: string;
  revision: number;
}

/** Puts a model into the trash, after it was said what goes with it. */
export function DeleteModel({ id, name, revision }: DeleteModelProps) {
  const remove = useDeleteModel(id, revision);
  const navigate = useNavigate();

  async function confirm(): Promise<string | undefined> {
    const { refusal } = await remove(false);
    if (refusal) return refusal;
    note("Deleted", `${name} is in the trash.`);
    await navigate("/models");
    return undefined;
  }

  return (
    <Consider
      name="Delete"
      title={`Delete ${name}?`}
      action="Delete it"
      consider={() => remove(true)}
      isBlocked={({ effect }) => !effect || effect.blockers.length > 0}
      tell={({ effect }) =>
        effect && (
          <div className="flex flex-col gap-4">
            <p>It goes to the trash, from where it can be restored for a while.</p>
            <Facts
              facts={[
                ["versions", count(effect.modelVersions)],
                ["answers", count(effect.predictions)],
                ["frees", bytes(effect.bytes)],
                ["for good on", date(Date.parse(effect.purgeAt))],
              ]}
            />
            {effect.blockers.map(({ code, message, job }) => (
              <p key={`${code} ${job?.id}`} className="rounded-md bg-warn-soft p-3 text-warn">
                {message}{" "}
                {job && (
                  <Link to={`/jobs/${job.id}`} className="underline">
                    The job
                  </Link>
                )}
              </p>
            ))}
          </div>
        )
      }
      onConfirm={confirm}
    />
  );
}
