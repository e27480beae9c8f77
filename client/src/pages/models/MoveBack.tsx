import { Suspense, use, useState, useTransition } from "react";
import { Button } from "../../ui/Button";
import { Dialog, DialogClose } from "../../ui/Dialog";
import { Loading } from "../../ui/States";
import { note } from "../../ui/toast";
import { Effect } from "./publish/Effect";
import type { Move, Moved } from "./useMoveBack";

interface MoveBackProps {
  /** The verb, such as "Roll back". */
  action: string;
  question: string;
  done: string;
  move: Move;
}

/** Rolls back or withdraws, after it was said what that changes. */
export function MoveBack({ action, question, done, move }: MoveBackProps) {
  const [preview, setPreview] = useState<Promise<Moved>>();
  return (
    <Dialog
      title={question}
      open={preview !== undefined}
      onOpenChange={(next) => setPreview(next ? move(true) : undefined)}
      trigger={<Button>{action}</Button>}
    >
      {preview && (
        <Suspense fallback={<Loading lines={3} />}>
          <Body
            preview={preview}
            action={action}
            move={move}
            onDone={() => {
              setPreview(undefined);
              note(done);
            }}
          />
        </Suspense>
      )}
    </Dialog>
  );
}

interface BodyProps {
  preview: Promise<Moved>;
  action: string;
  move: Move;
  onDone: () => void;
}

function Body({ preview, action, move, onDone }: BodyProps) {
  const { effect, refusal } = use(preview);
  const [problem, setProblem] = useState(refusal);
  const [isPending, start] = useTransition();

  async function confirm() {
    const { refusal: refused } = await move(false);
    setProblem(refused);
    if (!refused) onDone();
  }

  return (
    <>
      {effect && <Effect effect={effect} />}
      {problem && (
        <p role="alert" className="text-bad">
          {problem}
        </p>
      )}
      <div className="flex justify-end gap-2">
        <DialogClose render={<Button>Cancel</Button>} />
        <Button look="danger" disabled={isPending || !effect} onClick={() => start(confirm)}>
          {action}
        </Button>
      </div>
    </>
  );
}
