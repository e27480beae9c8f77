import { useQuery } from "@apollo/client/react";
import { useSearchParams } from "react-router";
import { graphql } from "../../gql";
import { Button } from "../../ui/Button";
import { Combobox } from "../../ui/Combobox";
import { Field, Input } from "../../ui/Field";
import { type Choice, Select } from "../../ui/Select";
import { type FilterName, filterOf, isFiltered, OUTCOMES } from "./auditFilter";

// By itself: the API counts what a question about the schema finds as root fields.
const MUTATIONS = graphql(`
  query MutationNames { __schema { mutationType { fields { name } } } }
`);

interface AuditFiltersProps {
  users: readonly Choice<string>[];
}

/** Which entries are listed; kept in the address. */
export function AuditFilters({ users }: AuditFiltersProps) {
  const [search, setSearch] = useSearchParams();
  const { data } = useQuery(MUTATIONS);
  const mutations = data?.__schema.mutationType?.fields ?? [];

  function change(name: FilterName, value: string | null) {
    setSearch((before) => {
      if (value) before.set(name, value);
      else before.delete(name);
      return before;
    });
  }

  return (
    <search className="grid items-end gap-3 sm:grid-cols-2 lg:grid-cols-4">
      <Field label="Who">
        <Combobox
          placeholder="anybody"
          choices={users}
          value={search.get("actor")}
          onChange={(actor) => change("actor", actor)}
        />
      </Field>
      <Field label="What">
        <Combobox
          placeholder="any mutation"
          choices={mutations.map(({ name }) => ({ value: name, label: name }))}
          value={search.get("action")}
          onChange={(action) => change("action", action)}
        />
      </Field>
      <form
        action={(form) => change("subject", String(form.get("subject")).trim())}
        className="flex items-end gap-2"
      >
        <Field label="About (id)">
          <Input
            key={search.get("subject")}
            name="subject"
            placeholder="anything"
            defaultValue={search.get("subject") ?? ""}
          />
        </Field>
        <Button type="submit">Find</Button>
      </form>
      <Field label="Outcome">
        <Select
          choices={OUTCOMES}
          value={filterOf(search).outcome ?? ""}
          onChange={(outcome) => change("outcome", outcome)}
        />
      </Field>
      <Field label="From">
        <Input
          type="datetime-local"
          value={search.get("from") ?? ""}
          onValueChange={(from) => change("from", from)}
        />
      </Field>
      <Field label="To">
        <Input
          type="datetime-local"
          value={search.get("to") ?? ""}
          onValueChange={(to) => change("to", to)}
        />
      </Field>
      {isFiltered(search) && (
        <Button className="justify-self-start" onClick={() => setSearch({})}>
          Show all
        </Button>
      )}
    </search>
  );
}
