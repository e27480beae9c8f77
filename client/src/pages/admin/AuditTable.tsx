import type { FragmentType } from "@apollo/client/masking";
import type { AuditRow_EntryFragment } from "../../gql/graphql";
import { Table, Th } from "../../ui/Table";
import { IN_PLACE, useAddress } from "../../ui/useAddress";
import { AuditRow } from "./AuditRow";
import { OPEN } from "./auditFilter";

interface AuditTableProps {
  entries: readonly (FragmentType<AuditRow_EntryFragment> & { id: string })[];
}

/** Entries, one of them shown in full: which one is kept in the address. */
export function AuditTable({ entries }: AuditTableProps) {
  const [search, change] = useAddress(IN_PLACE);
  const open = search.get(OPEN);

  return (
    <Table label="Audit log">
      <thead>
        <tr>
          <Th kind="number">No.</Th>
          <Th>When</Th>
          <Th>Who</Th>
          <Th>What</Th>
          <Th>Outcome</Th>
          <Th>About</Th>
          <Th kind="action">More</Th>
        </tr>
      </thead>
      <tbody>
        {entries.map((entry) => (
          <AuditRow
            key={entry.id}
            entry={entry}
            isOpen={open === entry.id}
            onToggle={() => change({ [OPEN]: open === entry.id ? null : entry.id })}
          />
        ))}
      </tbody>
    </Table>
  );
}
