import { useSuspenseQuery } from "@apollo/client/react";
import { graphql } from "../../gql";
import { More } from "../../ui/More";
import { Empty } from "../../ui/States";
import { counted } from "../../ui/words";
import type { Asked } from "./asked";
import { Hit } from "./Hit";

const SEARCH = graphql(`
  query Search(
    $id: ID!
    $text: String
    $row: Int
    $mode: SearchMode!
    $filter: SearchFilter
    $after: String
  ) {
    dataset(id: $id) {
      id
      search(text: $text, row: $row, mode: $mode, filter: $filter, first: 20, after: $after) {
        state
        hint
        total
        pageInfo { hasNextPage endCursor }
        index { id approximate recall version { id number } }
        hits {
          row
          text
          label
          name
          split
          rank
          score
          semantic
          keyword
          matches { start end }
        }
      }
    }
  }
`);

interface ResultsProps {
  datasetId: string;
  asked: Asked;
  /** Whether something else is asked by now. */
  isOld: boolean;
}

/** What was found, best first. */
export function Results({ datasetId, asked, isOld }: ResultsProps) {
  const { data, fetchMore } = useSuspenseQuery(SEARCH, {
    variables: { id: datasetId, ...asked },
    fetchPolicy: "cache-and-network",
  });
  const found = data.dataset?.search;
  if (!found || found.state === "MISSING") return null;
  if (found.state === "BUILDING") return <p className="text-soft">{found.hint}</p>;
  const { hits, index, pageInfo, total } = found;

  const more = (after: string | null) =>
    fetchMore({
      variables: { after },
      updateQuery: (before, { fetchMoreResult: next }) => {
        const [old, come] = [before.dataset?.search, next.dataset?.search];
        if (!before.dataset || !old || !come) return before;
        const search = { ...come, hits: [...old.hits, ...come.hits] };
        return { dataset: { ...before.dataset, search } };
      },
    });

  if (hits.length === 0) {
    return (
      <Empty title="No row was found">
        {asked.mode === "KEYWORD"
          ? "No row has any of these words. By meaning there may be some."
          : "Try other words, or less of a filter."}
      </Empty>
    );
  }
  return (
    <div aria-busy={isOld} className={`flex flex-col gap-3 ${isOld ? "opacity-60" : ""}`}>
      <p role="status" className="text-soft">
        The best {hits.length} of {counted(total, "row")}
        {index?.version && ` of version ${index.version.number}`}
        {index?.approximate &&
          index.recall !== null &&
          `, ${Math.round(100 * index.recall)}% of the nearest are found`}
      </p>
      <ol className="flex flex-col divide-y divide-line rounded-md border border-line bg-surface">
        {hits.map((hit) => (
          <Hit key={hit.row} hit={hit} datasetId={datasetId} versionId={index?.version?.id} />
        ))}
      </ol>
      <More pageInfo={pageInfo} onMore={more} />
    </div>
  );
}
