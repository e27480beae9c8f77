import type { FragmentType } from "@apollo/client/masking";
import { useSuspenseFragment } from "@apollo/client/react";
import { type KeyboardEvent, Suspense, useDeferredValue, useMemo } from "react";
import { useSearchParams } from "react-router";
import { graphql } from "../../gql";
import type { Finder_DatasetFragment } from "../../gql/graphql";
import { Empty, Loading } from "../../ui/States";
import { Asking } from "./Asking";
import { askedOf } from "./asked";
import { IndexState } from "./IndexState";
import { Results } from "./Results";

const DATASET = graphql(`
  fragment Finder_dataset on Dataset {
    id
    latestVersion {
      id
      profile {
        labels { label rows }
        splitRows { label rows }
      }
      searchIndexes { id ready }
      ...IndexState_version
    }
  }
`);

/** The box, what was found, and whether the data set can be searched at all. */
export function Finder({ dataset: from }: { dataset: FragmentType<Finder_DatasetFragment> }) {
  const { data: dataset } = useSuspenseFragment({
    fragment: DATASET,
    fragmentName: "Finder_dataset",
    from,
  });
  const [search] = useSearchParams();
  const asked = useMemo(() => askedOf(search), [search]);
  // what was found before stays until the next is there
  const shown = useDeferredValue(asked);
  const { latestVersion } = dataset;
  if (!latestVersion) return <Empty title="The data set has no rows yet" />;
  const isAsking = shown.text !== null || shown.row !== null;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the arrows only add to what Tab does
    <div className="flex flex-col gap-4" onKeyDown={walk}>
      <Asking
        labels={latestVersion.profile?.labels ?? []}
        splits={latestVersion.profile?.splitRows ?? []}
      />
      <IndexState version={latestVersion} />
      {isAsking && (
        <Suspense fallback={<Loading />}>
          <Results datasetId={dataset.id} asked={shown} isOld={shown !== asked} />
        </Suspense>
      )}
      {!isAsking && latestVersion.searchIndexes.some(({ ready }) => ready) && (
        <Empty title="Write what you are looking for">
          A question, a sentence, a few words: rows that mean the same are found, whatever their
          words. Down and up arrows walk through them.
        </Empty>
      )}
    </div>
  );
}

/** The arrows lead from the box to the hits, and from hit to hit. */
function walk(event: KeyboardEvent<HTMLElement>): void {
  const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  const target = event.target as HTMLElement;
  if (step === 0 || !target.matches("input[type=search], [data-hit]")) return;
  const stops = [
    ...event.currentTarget.querySelectorAll<HTMLElement>("input[type=search], [data-hit]"),
  ];
  const next = stops[stops.indexOf(target) + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
}
