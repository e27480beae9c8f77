import { Button } from "./Button";
import { Code } from "./Code";
import { Dialog } from "./Dialog";

interface SecretOnceProps {
  title: string;
  /** What it is, for the copy button. */
  label: string;
  /** What to do with it. */
  hint: string;
  /** Nothing is shown until there is one. */
  secret: string | undefined;
  onClose: () => void;
}

/** A secret that the server tells once: it can be copied until the dialog is closed. */
export function SecretOnce({ title, label, hint, secret, onClose }: SecretOnceProps) {
  return (
    <Dialog
      title={title}
      description={hint}
      open={secret !== undefined}
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
    >
      <Code label={label} text={secret ?? ""} />
      <p className="text-soft">It is not shown again.</p>
      <Button look="primary" className="self-end" onClick={onClose}>
        I have it
      </Button>
    </Dialog>
  );
}
