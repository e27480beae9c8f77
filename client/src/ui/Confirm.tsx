import { AlertDialog } from "@base-ui/react/alert-dialog";
import { type ReactElement, type ReactNode, useState } from "react";
import { Button } from "./Button";
import { BACKDROP, DIALOG } from "./surfaces";

interface ConfirmProps {
  trigger: ReactElement;
  title: string;
  /** What will happen, exactly. */
  children: ReactNode;
  /** The verb on the button, such as "Delete". */
  action: string;
  /** May answer with what was refused, which is shown while the question stays open. */
  onConfirm: () => Promise<string | undefined>;
}

/** Asks before something that cannot be taken back by mistake. */
export function Confirm({ trigger, title, children, action, onConfirm }: ConfirmProps) {
  const [open, setOpen] = useState(false);
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);

  async function confirm() {
    setBusy(true);
    const refused = await onConfirm().finally(() => setBusy(false));
    setProblem(refused ?? "");
    setOpen(refused !== undefined);
  }

  return (
    <AlertDialog.Root open={open} onOpenChange={(next) => setOpen(next)}>
      <AlertDialog.Trigger render={trigger} />
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className={BACKDROP} />
        <AlertDialog.Popup className={DIALOG}>
          <AlertDialog.Title className="text-lg font-semibold">{title}</AlertDialog.Title>
          <AlertDialog.Description render={<div />} className="text-soft">
            {children}
          </AlertDialog.Description>
          {problem && (
            <p role="alert" className="text-bad">
              {problem}
            </p>
          )}
          <div className="flex justify-end gap-2">
            <AlertDialog.Close render={<Button>Cancel</Button>} />
            <Button look="danger" disabled={busy} onClick={confirm}>
              {action}
            </Button>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
