import { useQuery } from "@apollo/client/react";
import { graphql } from "../../gql";
import { Button, ButtonLink } from "../../ui/Button";
import { Combobox } from "../../ui/Combobox";
import { Field, Input } from "../../ui/Field";
import { type Choice, Select } from "../../ui/Select";
import { useAddress } from "../../ui/useAddress";
import { filterOf, isFiltered, OUTCOMES } from "./auditFilter";

// By itself: the API counts what a question about the schema finds as root fields.
const MUTATIONS = graphql(`
  query MutationNames { __schema { mutationType { fields { name } } } }
`);

interface AuditFiltersProps {
  users: readonly Choice<string>[];
}

/** Which entries are listed; kept in the address. */
export function AuditFilters({ users }: AuditFiltersProps) {
  const [search, change] = useAddress();
  const { data } = useQuery(MUTATIONS);
  const mutations = data?.__schema.mutationType?.fields ?? [];

  return (
    <search className="grid items-end gap-3 sm:grid-cols-2 lg:grid-cols-4">
      <Field label="Who">
        <Combobox
          placeholder="anybody"
          choices={users}
          value={search.get("actor")}
          onChange={(actor) => change({ actor })}
        />
      </Field>
      <Field label="What">
        <Combobox
          placeholder="any mutation"
          choices={mutations.map(({ name }) => ({ value: name, label: name }))}
          value={search.get("action")}
          onChange={(action) => change({ action })}
        />
      </Field>
      <form
        action={(form) => change({ subject: String(form.get("subject")).trim() })}
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
          onChange={(outcome) => change({ outcome })}
        />
      </Field>
      <Field label="From">
        <Input
          type="datetime-local"
          value={search.get("from") ?? ""}
          onValueChange={(from) => change({ from })}
        />
      </Field>
      <Field label="To">
        <Input
          type="datetime-local"
          value={search.get("to") ?? ""}
          onValueChange={(to) => change({ to })}
        />
      </Field>
      {isFiltered(search) && (
        <ButtonLink className="justify-self-start" to="/admin/audit">
          Show all
        </ButtonLink>
      )}
    </search>
  );
}
