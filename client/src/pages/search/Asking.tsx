import { X } from "lucide-react";
import { useRef, useState } from "react";
import { Button } from "../../ui/Button";
import { Combobox } from "../../ui/Combobox";
import { Field, Input } from "../../ui/Field";
import { Select } from "../../ui/Select";
import { useAddress } from "../../ui/useAddress";
import { count } from "../../ui/words";
import { MODES } from "./asked";

/** So long nothing is typed before it is searched for. */
const PAUSE_MS = 250;

interface Counted {
  label: string;
  rows: number;
}

interface AskingProps {
  labels: readonly Counted[];
  splits: readonly Counted[];
}

/** What to look for and among which rows; kept in the address. */
export function Asking({ labels, splits }: AskingProps) {
  const [search, change] = useAddress({ replace: true });
  const [text, setText] = useState(search.get("q") ?? "");
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const row = search.get("row");

  function look(now: string) {
    clearTimeout(timer.current);
    change({ q: now.trim(), row: null });
  }

  function type(next: string) {
    setText(next);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => look(next), PAUSE_MS);
  }

  return (
    <search>
      <form
        action={() => look(text)}
        className="grid gap-3 sm:grid-cols-2 lg:grid-cols-[1fr_14rem_14rem_10rem]"
      >
        <Field label="Look for">
          <Input
            type="search"
            autoFocus
            maxLength={10_000}
            value={text}
            placeholder="What it says, in your words"
            onChange={(event) => type(event.target.value)}
          />
        </Field>
        <Field label="Found by">
          <Select
            label="Found by"
            choices={MODES}
            value={MODES.find(({ value }) => value === search.get("mode"))?.value ?? "HYBRID"}
            onChange={(mode) => change({ mode })}
          />
        </Field>
        {labels.length > 0 && (
          <Field label="Label">
            <Combobox
              placeholder="Any"
              choices={labels.map(({ label, rows }) => ({
                value: label,
                label: `${label} (${count(rows)})`,
              }))}
              value={search.get("label")}
              onChange={(label) => change({ label })}
            />
          </Field>
        )}
        {splits.length > 0 && (
          <Field label="Split">
            <Select
              label="Split"
              choices={[
                { value: "", label: "Any" },
                ...splits.map(({ label }) => ({ value: label, label })),
              ]}
              value={search.get("split") ?? ""}
              onChange={(split) => change({ split })}
            />
          </Field>
        )}
      </form>
      {row !== null && (
        <p className="mt-2 flex flex-wrap items-center gap-2">
          Rows like row {row}
          <Button look="quiet" onClick={() => change({ row: null })}>
            <X aria-hidden="true" className="size-4" /> Back to the text
          </Button>
        </p>
      )}
    </search>
  );
}
