import type { FragmentType } from "@apollo/client/masking";
import { useSuspenseFragment } from "@apollo/client/react";
import { graphql } from "../../gql";
import type { BulkCounts_BulkFragment } from "../../gql/graphql";
import { Card } from "../../ui/Card";
import { Bars } from "../../ui/charts/Bars";
import { count, counted, percent } from "../../ui/words";

const COUNTS = graphql(`
  fragment BulkCounts_bulk on BulkPrediction {
    id
    rows
    abstained
    outOfDistribution
    labelCounts { label rows }
  }
`);

const MOST_SHOWN = 15;

/** What the answers come to. */
export function BulkCounts({ bulk: from }: { bulk: FragmentType<BulkCounts_BulkFragment> }) {
  const { data: bulk } = useSuspenseFragment({ fragment: COUNTS, from });
  const unsure = bulk.abstained - bulk.outOfDistribution;
  const share = (rows: number) => (bulk.rows ? ` (${percent(rows / bulk.rows)})` : "");
  const left = bulk.labelCounts.length - MOST_SHOWN;
  return (
    <Card title={counted(bulk.rows, "answer")}>
      <p className="mb-3 text-soft">
        The model was too unsure about {count(unsure)}
        {share(unsure)}, and {count(bulk.outOfDistribution)}
        {share(bulk.outOfDistribution)} are unlike all that it learnt from.
      </p>
      <Bars
        of="rows"
        total={bulk.rows}
        bars={bulk.labelCounts
          .slice(0, MOST_SHOWN)
          .map(({ label, rows }) => ({ name: label, value: rows }))}
      />
      {left > 0 && <p className="mt-2 text-soft">and {counted(left, "label")} more</p>}
    </Card>
  );
}
