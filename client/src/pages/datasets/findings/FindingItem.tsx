import type { FragmentType } from "@apollo/client/masking";
import { useSuspenseFragment } from "@apollo/client/react";
import { clsx } from "clsx";
import { graphql } from "../../../gql";
import type { FindingItem_FindingFragment } from "../../../gql/graphql";
import { Badge } from "../../../ui/Badge";
import { Checkbox } from "../../../ui/Checkbox";
import { Table, Td, Th } from "../../../ui/Table";
import { editsInWords } from "./fixes";
import { KINDS } from "./kinds";

const FINDING = graphql(`
  fragment FindingItem_finding on Finding {
    id
    kind
    status
    score
    message
    rowCount
    evidence { row text label split isSubject cosine }
    edits { row label drop }
    fixedIn { id number }
  }
`);

interface FindingItemProps {
  finding: FragmentType<FindingItem_FindingFragment>;
  isPicked: boolean;
  onPick: (isPicked: boolean) => void;
}

/** A suspicion, the rows that show it, and what would mend it. */
export function FindingItem({ finding: from, isPicked, onPick }: FindingItemProps) {
  const { data: finding } = useSuspenseFragment({ fragment: FINDING, from });
  const { evidence, edits, fixedIn } = finding;
  const hasSplits = evidence.some(({ split }) => split);
  return (
    <li className="rounded-lg border border-line bg-surface p-4">
      <div className="mb-3 flex items-start gap-3">
        <Checkbox label={`Choose: ${finding.message}`} checked={isPicked} onChange={onPick} />
        <div className="min-w-0 flex-1">
          <p className="font-medium break-words">{finding.message}</p>
          <p className="text-soft">
            {edits.length > 0 ? `Proposed: ${editsInWords(edits)}.` : "You have to decide."}
            {fixedIn && ` Mended in version ${fixedIn.number}.`}
          </p>
        </div>
        <Badge>{KINDS[finding.kind]}</Badge>
        <span className="text-xs text-soft tabular-nums">{finding.score.toFixed(2)}</span>
      </div>
      <Table label={`Rows of: ${finding.message}`}>
        <thead>
          <tr>
            <Th kind="number">Row</Th>
            <Th>Text</Th>
            <Th>Label</Th>
            {hasSplits && <Th>Split</Th>}
            <Th kind="number">Near</Th>
          </tr>
        </thead>
        <tbody>
          {evidence.map(({ row, text, label, split, isSubject, cosine }) => (
            <tr key={row} className={clsx(!isSubject && "text-soft")}>
              <Td kind="number">{row}</Td>
              <Td className="min-w-56">
                <p className="line-clamp-3 break-words">{text}</p>
                {!isSubject && <span className="text-xs">to compare with</span>}
              </Td>
              <Td className="whitespace-nowrap">{label}</Td>
              {hasSplits && <Td>{split}</Td>}
              <Td kind="number">{cosine?.toFixed(3)}</Td>
            </tr>
          ))}
        </tbody>
      </Table>
    </li>
  );
}
