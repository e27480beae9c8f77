import { type ReactElement, type ReactNode, useState } from "react";
import type { Outcome } from "../api/outcome";
import { Button } from "./Button";
import { Dialog, DialogClose } from "./Dialog";
import { Problem } from "./Problem";
import { useSubmit } from "./useSubmit";

interface FormProps {
  /** The verb on the button. */
  action: string;
  /** Whether there is all that it needs, where its fields cannot say so themselves. */
  isReady?: boolean;
  send: (form: FormData) => Promise<Outcome<unknown>>;
  /** The fields; `problemAt` is what was said against the one of a name. */
  children: (problemAt: (name: string) => string | undefined) => ReactNode;
}

interface FormDialogProps extends FormProps {
  title: string;
  description?: ReactNode;
  /** The button that opens it; without one it is open until `onClose`. */
  trigger?: ReactElement;
  onClose?: () => void;
}

/** A form in a dialog, which closes when it was sent; refused, it stays as it was typed. */
export function FormDialog(props: FormDialogProps) {
  const { title, description, trigger, onClose, ...form } = props;
  const [isOpen, setOpen] = useState(!trigger);
  function change(open: boolean) {
    setOpen(open);
    if (!open) onClose?.();
  }
  return (
    <Dialog
      title={title}
      description={description}
      trigger={trigger}
      open={isOpen}
      onOpenChange={change}
    >
      <Form {...form} onDone={() => change(false)} />
    </Dialog>
  );
}

function Form({
  action,
  isReady = true,
  send,
  children,
  onDone,
}: FormProps & { onDone: () => void }) {
  const { onSubmit, isPending, problem, problemAt } = useSubmit(async (form) => {
    const outcome = await send(form);
    if (!outcome.refusal) onDone();
    return outcome;
  });
  return (
    <form onSubmit={onSubmit} className="flex flex-col gap-4">
      {children(problemAt)}
      <Problem>{problem}</Problem>
      <div className="flex justify-end gap-2">
        <DialogClose render={<Button>Cancel</Button>} />
        <Button look="primary" type="submit" disabled={isPending || !isReady}>
          {action}
        </Button>
      </div>
    </form>
  );
}
