import { AlertDialog } from "@base-ui/react/alert-dialog";
import { type ReactNode, useState, useTransition } from "react";
import type { Outcome } from "../api/outcome";
import { Button } from "./Button";
import { BACKDROP, DIALOG } from "./surfaces";
import { complain } from "./toast";

interface ConsiderProps<Effect> {
  /** On the button that asks. */
  name: string;
  title: string;
  /** The verb on the button that does it. */
  action: string;
  /** A dry run: what would happen. */
  consider: () => Promise<Outcome<Effect>>;
  /** What would happen, in words. */
  tell: (effect: Effect) => ReactNode;
  /** May answer with what was refused. */
  onConfirm: () => Promise<string | undefined>;
}

/** Asks the server what something would do, tells it, and does it if that is what is wanted. */
export function Consider<Effect>(props: ConsiderProps<Effect>) {
  const { name, title, action, consider, tell, onConfirm } = props;
  const [effect, setEffect] = useState<Effect>();
  const [isOpen, setOpen] = useState(false);
  const [problem, setProblem] = useState("");
  const [isPending, start] = useTransition();

  function ask() {
    start(async () => {
      const { done, refusal } = await consider();
      if (refusal) complain(refusal);
      setProblem("");
      setEffect(done);
      setOpen(done !== undefined);
    });
  }

  function confirm() {
    start(async () => {
      const refused = await onConfirm();
      setProblem(refused ?? "");
      setOpen(refused !== undefined);
    });
  }

  return (
    <>
      <Button look="danger" disabled={isPending} onClick={ask}>
        {name}
      </Button>
      <AlertDialog.Root open={isOpen} onOpenChange={(open) => setOpen(open)}>
        <AlertDialog.Portal>
          <AlertDialog.Backdrop className={BACKDROP} />
          <AlertDialog.Popup className={DIALOG}>
            <AlertDialog.Title className="text-lg font-semibold">{title}</AlertDialog.Title>
            <AlertDialog.Description render={<div />} className="text-soft">
              {effect !== undefined && tell(effect)}
            </AlertDialog.Description>
            {problem && (
              <p role="alert" className="text-bad">
                {problem}
              </p>
            )}
            <div className="flex justify-end gap-2">
              <AlertDialog.Close render={<Button>Cancel</Button>} />
              <Button look="danger" disabled={isPending} onClick={confirm}>
                {action}
              </Button>
            </div>
          </AlertDialog.Popup>
        </AlertDialog.Portal>
      </AlertDialog.Root>
    </>
  );
}
