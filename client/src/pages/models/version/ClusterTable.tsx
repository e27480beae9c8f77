import { useState } from "react";
import { graphql } from "../../../gql";
import type { ClusterTable_ReportFragment } from "../../../gql/graphql";
import { Button, ButtonLink } from "../../../ui/Button";
import { Card } from "../../../ui/Card";
import { Table, Td, Th } from "../../../ui/Table";
import { count, counted } from "../../../ui/words";
import { SortTh } from "./SortTh";
import { sorted } from "./sorting";
import { useOrder } from "./useOrder";

graphql(`
  fragment ClusterTable_report on Report {
    nmi
    silhouette
    noiseRows
    clusters { number name size cohesion keywords exemplars }
    coarseClusters { number name size }
  }
`);

const COLUMNS = ["name", "size", "cohesion"] as const;
const FIRST = 12;

interface ClusterTableProps {
  report: ClusterTable_ReportFragment;
  /** Where the map is. */
  map: string | null;
}

/** What belongs together, by the vectors alone. */
export function ClusterTable({ report, map }: ClusterTableProps) {
  const { order, press } = useOrder("clusters", COLUMNS, { by: "size", isDown: true });
  const [isWhole, setWhole] = useState(false);
  const { clusters, coarseClusters, nmi, silhouette, noiseRows } = report;
  const rows = sorted(clusters, order);
  const heads = { order, onPress: press };
  return (
    <Card
      title="Clusters"
      actions={map && clusters.length > 0 && <ButtonLink to={map}>Open the map</ButtonLink>}
    >
      <p className="mb-3 text-soft">
        {counted(clusters.length, "cluster")}
        {coarseClusters.length > 0 && ` in ${counted(coarseClusters.length, "group")}`}
        {nmi !== null && `; agreement with the labels ${nmi.toFixed(2)} of 1`}
        {silhouette !== null && `; apart by ${silhouette.toFixed(2)} (silhouette)`}
        {noiseRows > 0 && `; ${counted(noiseRows, "row")} in none`}.
      </p>
      {rows.length > 0 && (
        <Table label="Clusters">
          <thead>
            <tr>
              <SortTh column="name" name="Cluster" isName {...heads} />
              <SortTh column="size" name="Rows" {...heads} />
              <SortTh column="cohesion" name="Cohesion" {...heads} />
              <Th>Keywords</Th>
              <Th>A typical text</Th>
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, isWhole ? undefined : FIRST).map((cluster) => (
              <tr key={cluster.number}>
                <Td>{cluster.name}</Td>
                <Td className="text-right tabular-nums">{count(cluster.size)}</Td>
                <Td className="text-right tabular-nums">{cluster.cohesion.toFixed(2)}</Td>
                <Td className="text-soft">{cluster.keywords.slice(0, 6).join(", ")}</Td>
                <Td className="min-w-48 text-soft">{cluster.exemplars[0]}</Td>
              </tr>
            ))}
          </tbody>
        </Table>
      )}
      {rows.length > FIRST && (
        <Button look="quiet" className="mt-2" onClick={() => setWhole(!isWhole)}>
          {isWhole ? "Show fewer" : `Show all ${rows.length}`}
        </Button>
      )}
    </Card>
  );
}
