import { Checkbox } from "./Checkbox";

interface TickProps {
  label: string;
  hint?: string | undefined;
  checked: boolean;
  onChange: (checked: boolean) => void;
  disabled?: boolean;
}

/** A checkbox with its words beside it. */
export function Tick({ label, hint, ...rest }: TickProps) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the checkbox within is its control
    <label className="flex items-start gap-2">
      <Checkbox label={label} {...rest} />
      <span>
        {label}
        {hint && <span className="block text-xs text-soft">{hint}</span>}
      </span>
    </label>
  );
}
