import type { AuditEntryDetail_EntryFragment } from "../../gql/graphql";
import { Table, Td, Th } from "../../ui/Table";
import { pretty } from "./json";

interface AuditDiffProps {
  changes: AuditEntryDetail_EntryFragment["changes"];
}

/** Fields before and after. */
export function AuditDiff({ changes }: AuditDiffProps) {
  return (
    <Table label="What it changed">
      <thead>
        <tr>
          <Th>Field</Th>
          <Th>Before</Th>
          <Th>After</Th>
        </tr>
      </thead>
      <tbody>
        {changes.map(({ subjectId, field, before, after }) => (
          <tr key={`${subjectId} ${field}`}>
            <Td>
              <span className="font-medium">{field}</span>
              <p className="text-xs text-soft">{subjectId}</p>
            </Td>
            <Td>
              <Value sign="−" className="bg-bad-soft text-bad" text={before} />
            </Td>
            <Td>
              <Value sign="+" className="bg-good-soft text-good" text={after} />
            </Td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

interface ValueProps {
  sign: string;
  className: string;
  text: string | null;
}

function Value({ sign, className, text }: ValueProps) {
  if (text === null) return <span className="text-soft">nothing</span>;
  return (
    <pre className={`rounded px-2 py-1 text-xs whitespace-pre-wrap ${className}`}>
      <span aria-hidden="true">{sign} </span>
      {pretty(text)}
    </pre>
  );
}
