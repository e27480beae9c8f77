import { ButtonLink } from "../../ui/Button";
import { Empty } from "../../ui/States";
import type { Step } from "./steps";

/** In the place of a step that needs an earlier one first. */
export function NotYet({ steps }: { steps: readonly Step[] }) {
  const first = steps.find(({ isDone, isOpen }) => isOpen && !isDone);
  return (
    <Empty
      title="Something comes before this"
      action={
        first && (
          <ButtonLink look="primary" to={`?step=${first.number}`}>
            {first.number}. {first.name}
          </ButtonLink>
        )
      }
    >
      This step opens by itself when the steps before it are done.
    </Empty>
  );
}
