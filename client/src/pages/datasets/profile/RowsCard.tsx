import { graphql } from "../../../gql";
import type { RowsCard_ProfileFragment } from "../../../gql/graphql";
import { Card } from "../../../ui/Card";
import { Bars } from "../../../ui/charts/Bars";
import { counted } from "../../../ui/words";

export const ROWS = graphql(`
  fragment RowsCard_profile on Profile {
    rows
    labelledRows
    duplicateRows
    conflictingRows
    emptyRows
    leakedRows
    splitRows { label rows }
    rejections { code rows }
  }
`);

/** What is to be known of the rows beside their texts: duplicates, conflicts, splits, leaks. */
export function RowsCard({ profile }: { profile: RowsCard_ProfileFragment }) {
  const splits = profile.splitRows.map(({ label, rows }) => ({ name: label, value: rows }));
  return (
    <Card title={counted(profile.rows, "row")}>
      <Bars
        of="Rows"
        total={profile.rows}
        bars={[
          { name: "with a label", value: profile.labelledRows },
          { name: "duplicates", value: profile.duplicateRows },
          { name: "duplicates with another label", value: profile.conflictingRows },
          { name: "without text, left out", value: profile.emptyRows },
          ...(splits.length > 0 ? [{ name: "in two splits", value: profile.leakedRows }] : []),
          ...profile.rejections.map(({ code, rows }) => ({
            name: `left out: ${code.toLowerCase().replaceAll("_", " ")}`,
            value: rows,
          })),
        ]}
      />
      {splits.length > 0 && (
        <>
          <h3 className="mt-4 mb-1 font-medium">Splits</h3>
          <Bars of="Rows" total={profile.rows} bars={splits} />
        </>
      )}
    </Card>
  );
}
