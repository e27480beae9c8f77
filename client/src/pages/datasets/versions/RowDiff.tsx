import { useSuspenseQuery } from "@apollo/client/react";
import { graphql } from "../../../gql";
import type { ChangeKind } from "../../../gql/graphql";
import { More } from "../../../ui/More";
import { Select } from "../../../ui/Select";
import { Table, Td, Th } from "../../../ui/Table";
import { useAddress } from "../../../ui/useAddress";
import { count, plainName } from "../../../ui/words";
import { Change } from "./Change";

const DIFF = graphql(`
  query RowDiff($to: ID!, $from: ID!, $kind: ChangeKind, $after: String) {
    node(id: $to) {
      __typename
      id
      ... on DatasetVersion {
        diff(from: $from) {
          added
          dropped
          relabelled
          reworded
          changes(first: 50, after: $after, kind: $kind) {
            pageInfo { hasNextPage endCursor }
            nodes {
              row
              kinds
              before { text label }
              after { text label }
            }
          }
        }
      }
    }
  }
`);

const KINDS: readonly ChangeKind[] = ["ADDED", "DROPPED", "RELABELLED", "REWORDED"];

/** Rows that came, went, or are others, in the order of their numbers. */
export function RowDiff({ from, to }: { from: string; to: string }) {
  const [search, change] = useAddress();
  const kind = KINDS.find((each) => each === search.get("change")) ?? null;
  const { data, fetchMore } = useSuspenseQuery(DIFF, { variables: { from, to, kind } });
  if (data.node?.__typename !== "DatasetVersion") return null;
  const { added, dropped, relabelled, reworded, changes } = data.node.diff;
  const counts = { ADDED: added, DROPPED: dropped, RELABELLED: relabelled, REWORDED: reworded };
  const choices: { value: ChangeKind | ""; label: string }[] = [
    { value: "", label: "All changes" },
    ...KINDS.map((each) => ({ value: each, label: `${count(counts[each])} ${plainName(each)}` })),
  ];
  return (
    <div className="flex flex-col gap-3">
      <div className="w-44">
        <Select
          label="Which changes"
          choices={choices}
          value={kind ?? ""}
          onChange={(next) => change({ change: next })}
        />
      </div>
      <p role="status" className="text-soft">
        {KINDS.map((each) => `${count(counts[each])} ${plainName(each)}`).join(", ")}
      </p>
      {changes.nodes.length > 0 && (
        <Table label="Rows that differ">
          <thead>
            <tr>
              <Th kind="number">Row</Th>
              <Th>Change</Th>
              <Th>Text</Th>
              <Th>Label</Th>
            </tr>
          </thead>
          <tbody>
            {changes.nodes.map(({ row, kinds, before, after }) => (
              <tr key={row}>
                <Td kind="number">{row}</Td>
                <Td>{kinds.map(plainName).join(", ")}</Td>
                <Td className="min-w-56">
                  <Change before={before?.text} after={after?.text} />
                </Td>
                <Td className="min-w-32">
                  <Change before={before?.label} after={after?.label} />
                </Td>
              </tr>
            ))}
          </tbody>
        </Table>
      )}
      <More pageInfo={changes.pageInfo} onMore={(after) => fetchMore({ variables: { after } })} />
    </div>
  );
}
