import type { FragmentType } from "@apollo/client/masking";
import { useSuspenseFragment } from "@apollo/client/react";
import { ChevronDown, ChevronRight } from "lucide-react";
import { graphql } from "../../gql";
import type { AuditRow_EntryFragment, Outcome } from "../../gql/graphql";
import { Badge, type Tone } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { Moment } from "../../ui/Moment";
import { Td } from "../../ui/Table";
import { plainName } from "../../ui/words";
import { AuditEntryDetail } from "./AuditEntryDetail";

const ROW = graphql(`
  fragment AuditRow_entry on AuditEntry {
    id
    number
    at
    action
    outcome
    codes
    actor { id name }
    apiKeyId
    subjectIds
    ...AuditEntryDetail_entry
  }
`);

const TONES: Record<Outcome, Tone> = {
  DONE: "good",
  DRY_RUN: "neutral",
  REFUSED: "warn",
  DENIED: "bad",
  FAILED: "bad",
};

interface AuditRowProps {
  entry: FragmentType<AuditRow_EntryFragment>;
  isOpen: boolean;
  onToggle: () => void;
}

export function AuditRow({ entry: from, isOpen, onToggle }: AuditRowProps) {
  const { data: entry } = useSuspenseFragment({
    fragment: ROW,
    fragmentName: "AuditRow_entry",
    from,
  });
  const codes = entry.codes.filter((code) => code !== entry.outcome);
  const detailId = `entry-${entry.number}`;
  return (
    <>
      <tr>
        <Td kind="number" className="text-soft">
          {entry.number}
        </Td>
        <Td className="whitespace-nowrap">
          <Moment at={entry.at} />
        </Td>
        <Td>
          {entry.actor?.name ?? "a stranger"}
          {entry.apiKeyId && <p className="text-xs text-soft">by a key</p>}
        </Td>
        <Td className="font-medium">{entry.action}</Td>
        <Td>
          <Badge tone={TONES[entry.outcome]}>{plainName(entry.outcome)}</Badge>
          {codes.length > 0 && (
            <p className="mt-1 text-xs text-soft">{codes.map(plainName).join(", ")}</p>
          )}
        </Td>
        <Td className="text-xs">
          <code>{entry.subjectIds[0]}</code>
          {entry.subjectIds.length > 1 && ` and ${entry.subjectIds.length - 1} more`}
        </Td>
        <Td kind="action">
          <Button
            look="quiet"
            className="px-1.5"
            aria-expanded={isOpen}
            aria-controls={detailId}
            aria-label={`Entry ${entry.number} in full`}
            onClick={onToggle}
          >
            {isOpen ? (
              <ChevronDown aria-hidden="true" className="size-4" />
            ) : (
              <ChevronRight aria-hidden="true" className="size-4" />
            )}
          </Button>
        </Td>
      </tr>
      {isOpen && (
        <tr id={detailId}>
          <Td colSpan={7} className="bg-page">
            <AuditEntryDetail entry={entry} />
          </Td>
        </tr>
      )}
    </>
  );
}
