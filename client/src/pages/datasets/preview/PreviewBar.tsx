import { Search } from "lucide-react";
import { Button } from "../../../ui/Button";
import { Field, Input } from "../../../ui/Field";
import { useAddress } from "../../../ui/useAddress";

const NAMES = ["search", "contains", "label", "split", "row"] as const;
const NOTHING = Object.fromEntries(NAMES.map((name) => [name, null]));

/** What to show of the rows; kept in the address, so that it can be sent to somebody. */
export function PreviewBar() {
  const [search, change] = useAddress();

  /** Searching and filtering are two ways: one ends the other. */
  function show(form: FormData, names: readonly (typeof NAMES)[number][]) {
    const asked = names.map((name) => [name, String(form.get(name)).trim()]);
    change({ ...NOTHING, ...Object.fromEntries(asked) });
  }

  const input = (name: (typeof NAMES)[number]) => (
    <Input key={search.get(name)} name={name} defaultValue={search.get(name) ?? ""} />
  );
  return (
    <div className="flex flex-wrap items-end gap-x-8 gap-y-3">
      <search className="min-w-56 flex-1">
        <form action={(form) => show(form, ["search"])} className="flex items-end gap-2">
          <div className="min-w-0 flex-1">
            <Field label="Search by meaning">{input("search")}</Field>
          </div>
          <Button type="submit">
            <Search aria-hidden="true" className="size-4" /> Search
          </Button>
        </form>
      </search>
      <form
        action={(form) => show(form, ["contains", "label", "split"])}
        className="flex flex-wrap items-end gap-2"
      >
        <Field label="Text contains">{input("contains")}</Field>
        <Field label="Label is">{input("label")}</Field>
        <div className="w-24">
          <Field label="Split is">{input("split")}</Field>
        </div>
        <Button type="submit">Filter</Button>
        {NAMES.some((name) => search.has(name)) && (
          <Button look="quiet" onClick={() => show(new FormData(), [])}>
            Show all
          </Button>
        )}
      </form>
    </div>
  );
}
