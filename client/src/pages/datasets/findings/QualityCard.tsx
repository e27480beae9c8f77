import { Link, useSearchParams } from "react-router";
import { graphql } from "../../../gql";
import type { FindingKind, QualityCard_QualityFragment } from "../../../gql/graphql";
import { Card } from "../../../ui/Card";
import { Facts } from "../../../ui/Facts";
import { Moment } from "../../../ui/Moment";
import { Table, Td, Th } from "../../../ui/Table";
import { count, percent } from "../../../ui/words";
import { KINDS } from "./kinds";

export const QUALITY = graphql(`
  fragment QualityCard_quality on QualityReport {
    at
    score
    labelNoise
    counts { kind found open rows }
  }
`);

/** What the last check came to; a kind leads to its findings. */
export function QualityCard({ quality }: { quality: QualityCard_QualityFragment }) {
  const { at, score, labelNoise, counts } = quality;
  const [search] = useSearchParams();
  return (
    <Card title="Quality">
      <div className="grid items-start gap-4 md:grid-cols-[18rem_minmax(0,1fr)]">
        <Facts
          facts={[
            ["rows without a finding", percent(score)],
            ["labels that may be wrong", labelNoise === null ? null : percent(labelNoise)],
            ["checked", <Moment key="at" at={at} />],
          ]}
        />
        <Table label="Findings by kind">
          <thead>
            <tr>
              <Th>Kind</Th>
              <Th kind="number">Found</Th>
              <Th kind="number">Undecided</Th>
              <Th kind="number">Rows</Th>
            </tr>
          </thead>
          <tbody>
            {counts.map(({ kind, found, open, rows }) => (
              <tr key={kind}>
                <Td>
                  {found > 0 ? (
                    <Link to={`?${withKind(search, kind)}`} className="text-accent hover:underline">
                      {KINDS[kind]}
                    </Link>
                  ) : (
                    KINDS[kind]
                  )}
                </Td>
                <Td kind="number">{count(found)}</Td>
                <Td kind="number">{count(open)}</Td>
                <Td kind="number">{count(rows)}</Td>
              </tr>
            ))}
          </tbody>
        </Table>
      </div>
    </Card>
  );
}

function withKind(search: URLSearchParams, kind: FindingKind): URLSearchParams {
  const next = new URLSearchParams(search);
  next.set("kind", kind);
  return next;
}
