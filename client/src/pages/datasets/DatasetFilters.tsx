import { Button } from "../../ui/Button";
import { Field, Input } from "../../ui/Field";
import { Select } from "../../ui/Select";
import { useAddress } from "../../ui/useAddress";

const KINDS = [
  { value: "", label: "All kinds" },
  { value: "TEXT", label: "Texts" },
  { value: "SEQUENCE", label: "Sequences" },
] as const;

/** Which data sets are listed; kept in the address. */
export function DatasetFilters() {
  const [search, change] = useAddress();

  return (
    <search>
      <form
        action={(form) => change({ name: String(form.get("name")).trim() })}
        className="flex flex-wrap items-end gap-2"
      >
        <Field label="Name contains">
          <Input
            key={search.get("name")}
            type="search"
            name="name"
            defaultValue={search.get("name") ?? ""}
          />
        </Field>
        <Button type="submit">Find</Button>
        <div className="w-40">
          <Select
            label="Kind"
            choices={KINDS}
            value={KINDS.find(({ value }) => value === search.get("kind"))?.value ?? ""}
            onChange={(kind) => change({ kind })}
          />
        </div>
      </form>
    </search>
  );
}
