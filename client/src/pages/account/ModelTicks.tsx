import type { Choice } from "../../ui/Select";
import { Tick } from "../../ui/Tick";

const MOST = 20;

interface ModelTicksProps {
  models: readonly Choice<string>[];
  chosen: readonly string[];
  onChange: (chosen: readonly string[]) => void;
}

/** The only models that a key is to reach; none chosen is all of them. */
export function ModelTicks({ models, chosen, onChange }: ModelTicksProps) {
  return (
    <fieldset>
      <legend className="mb-1 font-medium">Which models</legend>
      <p className="mb-2 text-xs text-soft">
        {chosen.length === 0 ? "All, also those to come." : `Only these, at most ${MOST}.`}
      </p>
      <div className="flex max-h-40 flex-col gap-2 overflow-y-auto rounded-md border border-line p-2">
        {models.map(({ value, label }) => (
          <Tick
            key={value}
            label={label}
            checked={chosen.includes(value)}
            disabled={chosen.length >= MOST && !chosen.includes(value)}
            onChange={(on) =>
              onChange(on ? [...chosen, value] : chosen.filter((each) => each !== value))
            }
          />
        ))}
      </div>
    </fieldset>
  );
}
