import { AlertDialog } from "@base-ui/react/alert-dialog";
import { type ReactElement, type ReactNode, useState, useTransition } from "react";
import { Button } from "./Button";
import { Problem } from "./Problem";
import { BACKDROP, DIALOG } from "./surfaces";

interface ConfirmProps {
  /** The button that asks; without one it is asked at once, until `onClose`. */
  trigger?: ReactElement;
  onClose?: () => void;
  title: string;
  /** What will happen, exactly. */
  children: ReactNode;
  /** The verb on the button, such as "Delete". */
  action: string;
  look?: "danger" | "primary";
  /** Whether something stands against it. */
  isBlocked?: boolean;
  /** May answer with what was refused, which is shown while the question stays open. */
  onConfirm: () => Promise<string | undefined>;
}

/** Asks before something that cannot be taken back by mistake. */
export function Confirm(props: ConfirmProps) {
  const { trigger, onClose, title, children, action, onConfirm } = props;
  const { look = "danger", isBlocked = false } = props;
  const [isOpen, setOpen] = useState(!trigger);
  const [problem, setProblem] = useState<string>();
  const [isPending, start] = useTransition();

  function change(open: boolean) {
    setProblem(undefined);
    setOpen(open);
    if (!open) onClose?.();
  }

  function confirm() {
    start(async () => {
      const refused = await onConfirm();
      if (refused) setProblem(refused);
      else change(false);
    });
  }

  return (
    <AlertDialog.Root open={isOpen} onOpenChange={(open) => change(open)}>
      {trigger && <AlertDialog.Trigger render={trigger} />}
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className={BACKDROP} />
        <AlertDialog.Popup className={DIALOG}>
          <AlertDialog.Title className="text-lg font-semibold">{title}</AlertDialog.Title>
          <AlertDialog.Description render={<div />} className="text-soft">
            {children}
          </AlertDialog.Description>
          <Problem>{problem}</Problem>
          <div className="flex justify-end gap-2">
            <AlertDialog.Close render={<Button>Cancel</Button>} />
            <Button look={look} disabled={isPending || isBlocked} onClick={confirm}>
              {action}
            </Button>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
