import { Field as Base } from "@base-ui/react/field";
import type { ComponentProps, ReactNode } from "react";
import { CONTROL } from "./surfaces";

interface FieldProps {
  label: string;
  /** Under the control: what it means, in which unit. */
  hint?: ReactNode;
  /** What the server, or a check, says against the value. */
  problem?: string | undefined;
  children: ReactNode;
}

/** A control with its label, its hint and what is wrong with it, tied together for every reader. */
export function Field({ label, hint, problem, children }: FieldProps) {
  return (
    <Base.Root className="flex min-w-0 flex-col gap-1" invalid={Boolean(problem)}>
      <Base.Label className="font-medium">{label}</Base.Label>
      {children}
      {hint && <Base.Description className="text-xs text-soft">{hint}</Base.Description>}
      <Base.Error match={Boolean(problem)} className="text-xs text-bad">
        {problem}
      </Base.Error>
    </Base.Root>
  );
}

/** The control of a Field for one line of text, a number or a date. */
export function Input(props: ComponentProps<typeof Base.Control>) {
  return <Base.Control className={CONTROL} {...props} />;
}

export function TextArea(props: ComponentProps<"textarea">) {
  return <Base.Control className={CONTROL} render={<textarea {...props} />} />;
}
