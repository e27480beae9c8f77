import { Consider } from "../../ui/Consider";
import { note } from "../../ui/toast";
import { Effect } from "./publish/Effect";
import type { Move } from "./useMoveBack";

interface MoveBackProps {
  /** The verb, such as "Roll back". */
  action: string;
  question: string;
  done: string;
  move: Move;
}

/** Rolls back or withdraws, after it was said what that changes. */
export function MoveBack({ action, question, done, move }: MoveBackProps) {
  async function confirm() {
    const { refusal } = await move(false);
    if (!refusal) note(done);
    return refusal;
  }
  return (
    <Consider
      name={action}
      look="plain"
      title={question}
      action={action}
      consider={() => move(true)}
      tell={({ effect }) => effect && <Effect effect={effect} />}
      onConfirm={confirm}
    />
  );
}
