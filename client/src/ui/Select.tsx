import { Select as Base } from "@base-ui/react/select";
import { Check, ChevronDown } from "lucide-react";
import { CONTROL, ITEM, POPUP } from "./surfaces";

export interface Choice<Value extends string> {
  value: Value;
  label: string;
}

interface SelectProps<Value extends string> {
  /** Read to those who cannot see it; within a Field its label says it. */
  label?: string;
  choices: readonly Choice<Value>[];
  value: Value;
  onChange: (value: Value) => void;
}

/** One of a few. For many, see Combobox. */
export function Select<Value extends string>(props: SelectProps<Value>) {
  const { label, choices, value, onChange } = props;
  return (
    <Base.Root
      items={choices}
      value={value}
      onValueChange={(next) => next !== null && onChange(next)}
    >
      <Base.Trigger
        aria-label={label}
        className={`${CONTROL} flex items-center justify-between gap-2 text-left`}
      >
        <Base.Value />
        <Base.Icon render={<ChevronDown aria-hidden="true" className="size-4 text-soft" />} />
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner sideOffset={4} alignItemWithTrigger={false} className="z-10">
          <Base.Popup className={POPUP}>
            <Base.List>
              {choices.map((choice) => (
                <Base.Item key={choice.value} value={choice.value} className={ITEM}>
                  <span className="w-4">
                    <Base.ItemIndicator render={<Check aria-hidden="true" className="size-4" />} />
                  </span>
                  <Base.ItemText>{choice.label}</Base.ItemText>
                </Base.Item>
              ))}
            </Base.List>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
