import { useSuspenseQuery } from "@apollo/client/react";
import { useState } from "react";
import { useSearchParams } from "react-router";
import { graphql } from "../../../gql";
import { Button } from "../../../ui/Button";
import { Checkbox } from "../../../ui/Checkbox";
import { More } from "../../../ui/More";
import { Empty } from "../../../ui/States";
import { Table, Td, Th } from "../../../ui/Table";
import { count, counted } from "../../../ui/words";
import { useDatasetPlace } from "../place";
import { EditRows } from "./EditRows";

const ROWS = graphql(`
  query DatasetRows($id: ID!, $filter: RowFilter, $after: String) {
    node(id: $id) {
      __typename
      id
      ... on DatasetVersion {
        rowList(first: 50, after: $after, filter: $filter) {
          totalCount
          pageInfo { hasNextPage endCursor }
          nodes { row text label split isCut }
        }
      }
    }
  }
`);

/** Rows by their numbers. Those of the newest version can be edited. */
export function RowList() {
  const { version, versions } = useDatasetPlace();
  const [search] = useSearchParams();
  const [picked, setPicked] = useState<ReadonlySet<number>>(new Set());
  const [isEditing, setEditing] = useState(false);
  const filter = {
    contains: search.get("contains"),
    label: search.get("label"),
    split: search.get("split"),
    numbers: search.has("row") ? search.getAll("row").map(Number) : null,
  };
  const { data, fetchMore } = useSuspenseQuery(ROWS, { variables: { id: version.id, filter } });
  if (data.node?.__typename !== "DatasetVersion") return null;
  const { nodes, pageInfo, totalCount } = data.node.rowList;
  const isNewest = versions.find(({ status }) => status === "READY")?.id === version.id;
  const hasSplits = nodes.some(({ split }) => split);
  const chosen = nodes.filter(({ row }) => picked.has(row));

  function pick(row: number, isPicked: boolean) {
    const next = new Set(picked);
    if (isPicked) next.add(row);
    else next.delete(row);
    setPicked(next);
  }

  if (nodes.length === 0) return <Empty title="No row fits">Try less of a filter.</Empty>;
  return (
    <>
      <div className="flex min-h-8 flex-wrap items-center justify-between gap-2">
        <p role="status" className="text-soft">
          {counted(totalCount, "row")}
          {chosen.length > 0 && `, ${count(chosen.length)} chosen`}
        </p>
        {isNewest && (
          <Button disabled={chosen.length === 0} onClick={() => setEditing(true)}>
            {chosen.length > 0 ? `Edit ${counted(chosen.length, "row")} …` : "Edit rows …"}
          </Button>
        )}
      </div>
      <Table label="Rows">
        <thead>
          <tr>
            {isNewest && <Th kind="action">Choose</Th>}
            <Th kind="number">Row</Th>
            <Th>Text</Th>
            <Th>Label</Th>
            {hasSplits && <Th>Split</Th>}
          </tr>
        </thead>
        <tbody>
          {nodes.map(({ row, text, label, split, isCut }) => (
            <tr key={row}>
              {isNewest && (
                <Td kind="action">
                  <Checkbox
                    label={`Choose row ${row}`}
                    checked={picked.has(row)}
                    onChange={(isPicked) => pick(row, isPicked)}
                  />
                </Td>
              )}
              <Td kind="number" className="w-px text-soft">
                {row}
              </Td>
              <Td className="min-w-64">
                <p className="line-clamp-4 break-words">
                  {text}
                  {isCut && " …"}
                </p>
              </Td>
              <Td className="whitespace-nowrap">{label}</Td>
              {hasSplits && <Td>{split}</Td>}
            </tr>
          ))}
        </tbody>
      </Table>
      <More pageInfo={pageInfo} onMore={(after) => fetchMore({ variables: { after } })} />
      {isEditing && (
        <EditRows versionId={version.id} rows={chosen} onClose={() => setEditing(false)} />
      )}
    </>
  );
}
