import { X } from "lucide-react";
import { useRef, useState } from "react";
import { useSearchParams } from "react-router";
import { Button } from "../../ui/Button";
import { Combobox } from "../../ui/Combobox";
import { Field, Input } from "../../ui/Field";
import { Select } from "../../ui/Select";
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
  const [search, setSearch] = useSearchParams();
  const [text, setText] = useState(search.get("q") ?? "");
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const row = search.get("row");

  function set(name: string, value: string, others: readonly string[] = []) {
    setSearch(
      (before) => {
        for (const other of [name, ...others]) before.delete(other);
        if (value) before.set(name, value);
        return before;
      },
      { replace: true },
    );
  }

  function look(now: string) {
    clearTimeout(timer.current);
    set("q", now.trim(), ["row"]);
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
            onChange={(mode) => set("mode", mode)}
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
              onChange={(label) => set("label", label ?? "")}
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
              onChange={(split) => set("split", split)}
            />
          </Field>
        )}
      </form>
      {row !== null && (
        <p className="mt-2 flex flex-wrap items-center gap-2">
          Rows like row {row}
          <Button look="quiet" onClick={() => set("row", "")}>
            <X aria-hidden="true" className="size-4" /> Back to the text
          </Button>
        </p>
      )}
    </search>
  );
}
