import { Checkbox as Base } from "@base-ui/react/checkbox";
import { Check } from "lucide-react";

interface CheckboxProps {
  /** Read to those who cannot see what it belongs to. */
  label: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
  disabled?: boolean;
}

export function Checkbox({ label, checked, onChange, disabled = false }: CheckboxProps) {
  return (
    <Base.Root
      aria-label={label}
      checked={checked}
      disabled={disabled}
      onCheckedChange={(next) => onChange(next)}
      className="flex size-5 shrink-0 before:content-['\200b'] cursor-pointer items-center justify-center rounded border border-soft bg-surface data-checked:border-accent data-checked:bg-accent data-checked:text-on-accent data-disabled:opacity-50"
    >
      <Base.Indicator>
        <Check aria-hidden="true" className="size-4" />
      </Base.Indicator>
    </Base.Root>
  );
}
