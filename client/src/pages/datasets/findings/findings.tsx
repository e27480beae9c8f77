import { useSuspenseQuery } from "@apollo/client/react";
import { useSearchParams } from "react-router";
import { graphql } from "../../../gql";
import { Button } from "../../../ui/Button";
import { Empty } from "../../../ui/States";
import { useDatasetPlace } from "../place";
import { useCheckDataset } from "../useCheckDataset";
import { FindingList } from "./FindingList";
import { QualityCard } from "./QualityCard";
import { TrialCard } from "./TrialCard";

const QUALITY = graphql(`
  query DatasetQuality($id: ID!) {
    node(id: $id) {
      __typename
      id
      ... on DatasetVersion {
        quality { at ...QualityCard_quality @unmask }
      }
    }
  }
`);

/** What may be wrong with the rows of a version, and what mending it would gain. */
export function Component() {
  const { version, goingOn } = useDatasetPlace();
  const [search] = useSearchParams();
  const check = useCheckDataset();
  const { data } = useSuspenseQuery(QUALITY, { variables: { id: version.id } });
  if (version.status !== "READY") return <Empty title="It has no rows that could be checked" />;
  if (data.node?.__typename !== "DatasetVersion") return null;
  const { quality } = data.node;
  const trial = search.get("trial");
  if (!quality && goingOn.includes("CHECK")) {
    return <Empty title="Its rows are being checked">What is found appears here.</Empty>;
  }
  if (!quality) {
    return (
      <Empty
        title="This version has not been checked"
        action={
          <Button look="primary" onClick={() => check(version.id)}>
            Check its rows
          </Button>
        }
      >
        A check looks for labels that may be wrong, near duplicates, outliers, contradictions and
        rows that leak from one split into the other.
      </Empty>
    );
  }
  return (
    <div className="flex flex-col gap-4">
      {trial && <TrialCard key={trial} id={trial} />}
      <QualityCard quality={quality} />
      <FindingList key={quality.at} />
    </div>
  );
}
