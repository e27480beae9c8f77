import { graphql } from "../../../gql";
import type { ClusterTable_ReportFragment } from "../../../gql/graphql";
import { ButtonLink } from "../../../ui/Button";
import { Card } from "../../../ui/Card";
import { Table, Td, Th } from "../../../ui/Table";
import { count, counted } from "../../../ui/words";
import { SortTh } from "./SortTh";
import { sorted } from "./sorting";
import { useFirst } from "./useFirst";
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

interface ClusterTableProps {
  report: ClusterTable_ReportFragment;
  /** Where the map is. */
  map: string | null;
}

/** What belongs together, by the vectors alone. */
export function ClusterTable({ report, map }: ClusterTableProps) {
  const { order, press } = useOrder("clusters", COLUMNS, { by: "size", isDown: true });
  const { clusters, coarseClusters, nmi, silhouette, noiseRows } = report;
  const { first, more } = useFirst(sorted(clusters, order));
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
      {clusters.length > 0 && (
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
            {first.map((cluster) => (
              <tr key={cluster.number}>
                <Td>{cluster.name}</Td>
                <Td kind="number">{count(cluster.size)}</Td>
                <Td kind="number">{cluster.cohesion.toFixed(2)}</Td>
                <Td className="text-soft">{cluster.keywords.slice(0, 6).join(", ")}</Td>
                <Td className="min-w-48 text-soft">{cluster.exemplars[0]}</Td>
              </tr>
            ))}
          </tbody>
        </Table>
      )}
      {more}
    </Card>
  );
}
