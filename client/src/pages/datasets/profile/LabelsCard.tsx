import { useState } from "react";
import { graphql } from "../../../gql";
import type { LabelsCard_ProfileFragment } from "../../../gql/graphql";
import { Button } from "../../../ui/Button";
import { Card } from "../../../ui/Card";
import { Bars } from "../../../ui/charts/Bars";
import { count, counted } from "../../../ui/words";

export const LABELS = graphql(`
  fragment LabelsCard_profile on Profile {
    labelCount
    labelledRows
    labels { label rows }
  }
`);

const FIRST = 20;

/** How the rows are spread over the labels. */
export function LabelsCard({ profile }: { profile: LabelsCard_ProfileFragment }) {
  const { labels, labelCount, labelledRows } = profile;
  const [isWhole, setWhole] = useState(false);
  const shown = isWhole ? labels : labels.slice(0, FIRST);
  return (
    <Card title={counted(labelCount, "label")}>
      {labels.length === 0 && <p className="text-soft">No row has a label.</p>}
      <Bars
        of="Rows"
        bars={shown.map(({ label, rows }) => ({ name: label, value: rows }))}
        total={labelledRows}
      />
      {labels.length > FIRST && (
        <Button className="mt-3" onClick={() => setWhole(!isWhole)}>
          {isWhole ? "Show fewer" : `Show ${count(labels.length)}`}
        </Button>
      )}
    </Card>
  );
}
