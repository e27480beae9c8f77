import { useActionState } from "react";
import type { ResultFormat } from "../../gql/graphql";
import { Button } from "../../ui/Button";
import { Failure } from "../../ui/States";
import { Table, Td, Th } from "../../ui/Table";
import { type Head, headOfFile, tableOf } from "./firstRows";

interface SampleProps {
  url: string;
  format: ResultFormat;
}

/** The first rows of the file, fetched when somebody wants to see them. */
export function Sample({ url, format }: SampleProps) {
  const [head, look, isPending] = useActionState(async (): Promise<Head | { problem: unknown }> => {
    try {
      return tableOf(await headOfFile(url), format);
    } catch (problem) {
      return { problem };
    }
  }, undefined);
  if (format === "PARQUET") {
    return <p className="text-soft">Parquet is for programs: pandas, Polars and DuckDB read it.</p>;
  }
  if (!head) {
    return (
      <form action={look}>
        <Button type="submit" disabled={isPending}>
          {isPending ? "Fetching …" : "Show the first rows"}
        </Button>
      </form>
    );
  }
  if ("problem" in head) return <Failure error={head.problem} />;
  return (
    <Table label="First rows of the file">
      <thead>
        <tr>
          {head.columns.map((column) => (
            <Th key={column}>{column}</Th>
          ))}
        </tr>
      </thead>
      <tbody>
        {head.rows.map((row, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the rows stay where they are
          <tr key={place}>
            {row.map((value, column) => (
              <Td key={head.columns[column]}>
                <p className="line-clamp-3 max-w-80 min-w-24 break-words">{value}</p>
              </Td>
            ))}
          </tr>
        ))}
      </tbody>
    </Table>
  );
}
