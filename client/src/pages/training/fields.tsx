import { createContext, use } from "react";
import { Field, Input } from "../../ui/Field";
import { type Choice, Select } from "../../ui/Select";
import type { Problems, Settings } from "./settings";

interface Shared {
  settings: Settings;
  problems: Problems;
  change: (changes: Partial<Settings>) => void;
}

/** The form's values, for its many fields. */
export const FormContext = createContext<Shared | undefined>(undefined);

function useForm(): Shared {
  const shared = use(FormContext);
  if (!shared) throw new Error("a field of the training form stands outside of it");
  return shared;
}

interface NumberFieldProps {
  name: keyof Settings;
  label: string;
  hint?: string;
  placeholder?: string;
}

export function NumberField({ name, label, hint, placeholder }: NumberFieldProps) {
  const { settings, problems, change } = useForm();
  return (
    <Field label={label} hint={hint} problem={problems[name]}>
      <Input
        inputMode="decimal"
        value={settings[name]}
        placeholder={placeholder}
        onChange={(event) => change({ [name]: event.currentTarget.value })}
      />
    </Field>
  );
}

interface ChoiceFieldProps<Name extends keyof Settings> {
  name: Name;
  label: string;
  hint?: string;
  choices: readonly Choice<Settings[Name]>[];
}

export function ChoiceField<Name extends keyof Settings>(props: ChoiceFieldProps<Name>) {
  const { name, label, hint, choices } = props;
  const { settings, problems, change } = useForm();
  return (
    <Field label={label} hint={hint} problem={problems[name]}>
      <Select
        label={label}
        choices={choices}
        value={settings[name]}
        onChange={(value) => change({ [name]: value })}
      />
    </Field>
  );
}
