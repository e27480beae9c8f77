import { useSuspenseQuery } from "@apollo/client/react";
import { useSearchParams } from "react-router";
import { graphql } from "../../../gql";
import type { SearchMode } from "../../../gql/graphql";
import { Button } from "../../../ui/Button";
import { Select } from "../../../ui/Select";
import { Empty } from "../../../ui/States";
import { Table, Th } from "../../../ui/Table";
import { counted } from "../../../ui/words";
import { useIndexDataset } from "../useIndexDataset";
import { FoundRow } from "./FoundRow";

const SEARCH = graphql(`
  query SearchRows($id: ID!, $text: String!, $mode: SearchMode!) {
    node(id: $id) {
      __typename
      id
      ... on DatasetVersion {
        search(text: $text, mode: $mode, first: 30) {
          state
          hint
          total
          hits { row ...FoundRow_hit @unmask }
        }
      }
    }
  }
`);

const MODES: readonly { value: SearchMode; label: string }[] = [
  { value: "HYBRID", label: "By meaning and words" },
  { value: "SEMANTIC", label: "By meaning" },
  { value: "KEYWORD", label: "By words" },
];

/** Rows like what was asked for, best first, with what each was found by. */
export function FoundRows({ versionId, text }: { versionId: string; text: string }) {
  const [address, setAddress] = useSearchParams();
  const index = useIndexDataset();
  const mode = MODES.find(({ value }) => value === address.get("mode"))?.value ?? "HYBRID";
  const { data } = useSuspenseQuery(SEARCH, {
    variables: { id: versionId, text, mode },
    fetchPolicy: "cache-and-network",
  });
  if (data.node?.__typename !== "DatasetVersion") return null;
  const { state, hint, total, hits } = data.node.search;
  if (state === "MISSING") {
    return (
      <Empty
        title="This version has no index yet"
        action={
          <Button look="primary" onClick={() => index(versionId)}>
            Make it searchable
          </Button>
        }
      >
        {hint}
      </Empty>
    );
  }
  if (state === "BUILDING") return <Empty title="The index is being built">{hint}</Empty>;
  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-2">
        <p role="status" className="text-soft">
          The best {hits.length} of {counted(total, "row")}
        </p>
        <div className="w-52">
          <Select
            label="Found by"
            choices={MODES}
            value={mode}
            onChange={(next) =>
              setAddress((before) => {
                before.set("mode", next);
                return before;
              })
            }
          />
        </div>
      </div>
      <Table label="Rows that were found">
        <thead>
          <tr>
            <Th kind="number">Row</Th>
            <Th>Text</Th>
            <Th>Label</Th>
            <Th>Score</Th>
          </tr>
        </thead>
        <tbody>
          {hits.map((hit) => (
            <FoundRow key={hit.row} hit={hit} />
          ))}
        </tbody>
      </Table>
    </>
  );
}
