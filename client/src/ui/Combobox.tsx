import { Combobox as Base } from "@base-ui/react/combobox";
import { ChevronsUpDown } from "lucide-react";
import type { Choice } from "./Select";
import { CONTROL, ITEM, POPUP } from "./surfaces";

interface ComboboxProps {
  label?: string;
  placeholder?: string;
  choices: readonly Choice<string>[];
  value: string | null;
  onChange: (value: string | null) => void;
}

/** One of many, found by typing. */
export function Combobox({ label, placeholder, choices, value, onChange }: ComboboxProps) {
  const chosen = choices.find((choice) => choice.value === value) ?? null;
  return (
    <Base.Root
      items={choices}
      value={chosen}
      onValueChange={(next) => onChange(next?.value ?? null)}
    >
      <div className="relative">
        <Base.Input aria-label={label} placeholder={placeholder} className={`${CONTROL} pr-8`} />
        <ChevronsUpDown
          aria-hidden="true"
          className="pointer-events-none absolute top-2 right-2 size-4 text-soft"
        />
      </div>
      <Base.Portal>
        <Base.Positioner sideOffset={4} className="z-10">
          <Base.Popup className={POPUP}>
            <Base.Empty className="px-3 py-1.5 text-soft">Nothing of that name.</Base.Empty>
            <Base.List>
              {(choice: Choice<string>) => (
                <Base.Item key={choice.value} value={choice} className={ITEM}>
                  {choice.label}
                </Base.Item>
              )}
            </Base.List>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
