import type { Scope } from "../../gql/graphql";
import { Tick } from "../../ui/Tick";

const SCOPES: readonly { scope: Scope; label: string; hint: string }[] = [
  { scope: "READ", label: "Read", hint: "Run queries and subscriptions." },
  { scope: "PREDICT", label: "Predict", hint: "Ask models for answers, and correct them." },
  { scope: "WRITE", label: "Write", hint: "Upload, train, publish and change." },
  { scope: "ADMIN", label: "Admin", hint: "Manage users, and see what belongs to others." },
];

interface ScopeTicksProps {
  /** Those that can be given. */
  scopes: readonly Scope[];
  chosen: readonly Scope[];
  onChange: (chosen: readonly Scope[]) => void;
}

/** What a key may do. */
export function ScopeTicks({ scopes, chosen, onChange }: ScopeTicksProps) {
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1 font-medium">What it may do</legend>
      {SCOPES.filter(({ scope }) => scopes.includes(scope)).map(({ scope, label, hint }) => (
        <Tick
          key={scope}
          label={label}
          hint={hint}
          checked={chosen.includes(scope)}
          onChange={(on) =>
            onChange(on ? [...chosen, scope] : chosen.filter((each) => each !== scope))
          }
        />
      ))}
    </fieldset>
  );
}
