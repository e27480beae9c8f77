import { Suspense, use, useState, useTransition } from "react";
import { Link, useNavigate } from "react-router";
import { Button } from "../../ui/Button";
import { Dialog, DialogClose } from "../../ui/Dialog";
import { Facts } from "../../ui/Facts";
import { Loading } from "../../ui/States";
import { note } from "../../ui/toast";
import { bytes, count } from "../../ui/words";
import { type Deletion, useDeleteModel } from "./useDeleteModel";

interface DeleteModelProps {
  id: string;
  name: string;
  revision: number;
}

/** Puts a model into the trash, after it was said what goes with it. */
export function DeleteModel({ id, name, revision }: DeleteModelProps) {
  const [preview, setPreview] = useState<Promise<Deletion>>();
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
    <Dialog
      title={`Delete ${name}?`}
      description="It goes to the trash, from where it can be restored for a while."
      open={preview !== undefined}
      onOpenChange={(next) => setPreview(next ? remove(true) : undefined)}
      trigger={<Button look="danger">Delete</Button>}
    >
      {preview && (
        <Suspense fallback={<Loading lines={3} />}>
          <Body preview={preview} onConfirm={confirm} />
        </Suspense>
      )}
    </Dialog>
  );
}

interface BodyProps {
  preview: Promise<Deletion>;
  onConfirm: () => Promise<string | undefined>;
}

function Body({ preview, onConfirm }: BodyProps) {
  const { effect, refusal } = use(preview);
  const [problem, setProblem] = useState(refusal);
  const [isPending, start] = useTransition();
  const blockers = effect?.blockers ?? [];
  return (
    <>
      {effect && (
        <Facts
          facts={[
            ["versions", count(effect.modelVersions)],
            ["answers", count(effect.predictions)],
            ["frees", bytes(effect.bytes)],
            [
              "for good on",
              new Date(effect.purgeAt).toLocaleDateString("en", { dateStyle: "long" }),
            ],
          ]}
        />
      )}
      {blockers.map(({ code, message, job }) => (
        <p key={`${code} ${job?.id}`} className="rounded-md bg-warn-soft p-3 text-warn">
          {message}{" "}
          {job && (
            <Link to={`/jobs/${job.id}`} className="underline">
              The job
            </Link>
          )}
        </p>
      ))}
      {problem && (
        <p role="alert" className="text-bad">
          {problem}
        </p>
      )}
      <div className="flex justify-end gap-2">
        <DialogClose render={<Button>Cancel</Button>} />
        <Button
          look="danger"
          disabled={isPending || !effect || blockers.length > 0}
          onClick={() => start(async () => setProblem(await onConfirm()))}
        >
          Delete it
        </Button>
      </div>
    </>
  );
}
