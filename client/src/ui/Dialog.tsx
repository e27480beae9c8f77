import { Dialog as Base } from "@base-ui/react/dialog";
import type { ReactElement, ReactNode } from "react";
import { BACKDROP, DIALOG } from "./surfaces";

interface DialogProps {
  title: string;
  description?: ReactNode;
  /** The button that opens it; without one, `open` decides. */
  trigger?: ReactElement | undefined;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  children: ReactNode;
}

export function Dialog({ title, description, trigger, open, onOpenChange, children }: DialogProps) {
  return (
    <Base.Root
      {...(open === undefined ? {} : { open })}
      {...(onOpenChange ? { onOpenChange: (next: boolean) => onOpenChange(next) } : {})}
    >
      {trigger && <Base.Trigger render={trigger} />}
      <Base.Portal>
        <Base.Backdrop className={BACKDROP} />
        <Base.Popup className={DIALOG}>
          <Base.Title className="text-lg font-semibold">{title}</Base.Title>
          {description && <Base.Description className="text-soft">{description}</Base.Description>}
          {children}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

export const DialogClose = Base.Close;
