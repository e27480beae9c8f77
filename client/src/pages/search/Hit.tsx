import { Link, useSearchParams } from "react-router";
import type { SearchQuery } from "../../gql/graphql";
import { Badge } from "../../ui/Badge";
import { Shares } from "../../ui/charts/Shares";
import { pieces } from "../../ui/pieces";

type Hits = NonNullable<SearchQuery["dataset"]>["search"]["hits"];

interface HitProps {
  hit: Hits[number];
  datasetId: string;
  /** The version that was searched; another one may have other rows. */
  versionId: string | undefined;
}

/** A row that was found, the words that were asked for marked, and why it stands where it does. */
export function Hit({ hit, datasetId, versionId }: HitProps) {
  const [search] = useSearchParams();
  const place = new URLSearchParams({ row: String(hit.row) });
  if (versionId) place.set("version", versionId);
  const alike = new URLSearchParams(search);
  alike.set("row", String(hit.row));
  return (
    <li className="grid gap-x-6 gap-y-2 px-4 py-3 sm:grid-cols-[minmax(0,1fr)_11rem]">
      <div className="min-w-0">
        {hit.name && <p className="font-mono text-xs text-soft wrap-anywhere">{hit.name}</p>}
        <p className="wrap-anywhere">
          {pieces(hit.text, hit.matches).map(({ text, start, part }) =>
            part ? (
              <mark key={start} className="rounded-xs bg-warn-soft font-medium text-warn">
                {text}
              </mark>
            ) : (
              <span key={start}>{text}</span>
            ),
          )}
        </p>
        <p className="mt-1 flex flex-wrap items-center gap-x-3 gap-y-1 text-xs text-soft">
          {hit.label && <Badge>{hit.label}</Badge>}
          {hit.split && <span>{hit.split}</span>}
          <Link
            data-hit
            to={`/datasets/${datasetId}?${place}`}
            className="text-accent hover:underline"
          >
            Row {hit.row}
          </Link>
          <Link to={`?${alike}`} className="text-accent hover:underline">
            More like this
          </Link>
        </p>
      </div>
      <div>
        <p className="sr-only">
          Place {hit.rank}, score {hit.score.toFixed(2)}
        </p>
        <Shares
          shares={[
            ["score", hit.score],
            ["meaning", hit.semantic],
            ["words", hit.keyword],
          ]}
        />
      </div>
    </li>
  );
}
