import { type ReactNode, useState, useTransition } from "react";
import type { Outcome } from "../api/outcome";
import { Button } from "./Button";
import { Confirm } from "./Confirm";
import { complain } from "./toast";

interface ConsiderProps<Effect> {
  /** On the button that asks. */
  name: string;
  look?: "danger" | "plain";
  title: string;
  /** The verb on the button that does it. */
  action: string;
  /** A dry run: what would happen. */
  consider: () => Promise<Outcome<Effect>>;
  /** What would happen, in words. */
  tell: (effect: Effect) => ReactNode;
  isBlocked?: (effect: Effect) => boolean;
  /** May answer with what was refused. */
  onConfirm: () => Promise<string | undefined>;
}

/** Asks the server what something would do, tells it, and does it if that is what is wanted. */
export function Consider<Effect>(props: ConsiderProps<Effect>) {
  const { name, look = "danger", title, action, consider, tell, isBlocked, onConfirm } = props;
  const [effect, setEffect] = useState<Effect>();
  const [isPending, start] = useTransition();

  function ask() {
    start(async () => {
      const { done, refusal } = await consider();
      if (refusal) complain(refusal);
      setEffect(done);
    });
  }

  return (
    <>
      <Button look={look} disabled={isPending} onClick={ask}>
        {name}
      </Button>
      {effect !== undefined && (
        <Confirm
          title={title}
          action={action}
          isBlocked={isBlocked?.(effect) ?? false}
          onConfirm={onConfirm}
          onClose={() => setEffect(undefined)}
        >
          {tell(effect)}
        </Confirm>
      )}
    </>
  );
}
