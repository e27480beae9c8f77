import type { FragmentType } from "@apollo/client/masking";
import { useSearchParams } from "react-router";
import type { AuditRow_EntryFragment } from "../../gql/graphql";
import { Table, Th } from "../../ui/Table";
import { AuditRow } from "./AuditRow";
import { OPEN } from "./auditFilter";

interface AuditTableProps {
  entries: readonly (FragmentType<AuditRow_EntryFragment> & { id: string })[];
}

/** Entries, one of them shown in full: which one is kept in the address. */
export function AuditTable({ entries }: AuditTableProps) {
  const [search, setSearch] = useSearchParams();
  const open = search.get(OPEN);

  function toggle(id: string) {
    setSearch(
      (before) => {
        if (open === id) before.delete(OPEN);
        else before.set(OPEN, id);
        return before;
      },
      { preventScrollReset: true, replace: true },
    );
  }

  return (
    <Table label="Audit log">
      <thead>
        <tr>
          <Th className="text-right">No.</Th>
          <Th>When</Th>
          <Th>Who</Th>
          <Th>What</Th>
          <Th>Outcome</Th>
          <Th>About</Th>
          <Th>
            <span className="sr-only">More</span>
          </Th>
        </tr>
      </thead>
      <tbody>
        {entries.map((entry) => (
          <AuditRow
            key={entry.id}
            entry={entry}
            isOpen={open === entry.id}
            onToggle={() => toggle(entry.id)}
          />
        ))}
      </tbody>
    </Table>
  );
}
