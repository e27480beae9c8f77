import { useSuspenseQuery } from "@apollo/client/react";
import { graphql } from "../../gql";
import type { Review } from "../../gql/graphql";
import { ButtonLink } from "../../ui/Button";
import { Select } from "../../ui/Select";
import { Empty } from "../../ui/States";
import { useAddress } from "../../ui/useAddress";
import { counted } from "../../ui/words";
import { useCorrectionsPlace } from "./place";
import { ReviewQueue } from "./ReviewQueue";

const QUEUE = graphql(`
  query ReviewQueue($modelId: ID!, $review: Review) {
    model(id: $modelId) {
      id
      corrections(review: $review, first: 50) {
        totalCount
        nodes { id revision ...ReviewItem_prediction }
      }
    }
  }
`);

const REVIEWS: readonly { value: Review | ""; label: string }[] = [
  { value: "", label: "Not looked at yet" },
  { value: "ACCEPTED", label: "Accepted" },
  { value: "REJECTED", label: "Rejected" },
];

/** What people said against a model's answers, for its owner to judge. */
export function Component() {
  const { model } = useCorrectionsPlace();
  if (!model) return <Empty title="You have no model of your own" />;
  return <Queue modelId={model.id} />;
}

function Queue({ modelId }: { modelId: string }) {
  const [search, change] = useAddress();
  const review =
    REVIEWS.find(({ value }) => value && value === search.get("review"))?.value || null;
  const { data, refetch } = useSuspenseQuery(QUEUE, {
    variables: { modelId, review },
    fetchPolicy: "cache-and-network",
  });
  const corrections = data.model?.corrections;
  if (!corrections) return <Empty title="The model is gone" />;
  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-2">
        <p role="status" className="text-soft">
          {counted(corrections.totalCount, "correction")}
          {corrections.totalCount > corrections.nodes.length &&
            `, the newest ${corrections.nodes.length} of them here`}
        </p>
        <div className="w-52">
          <Select
            label="Which corrections"
            choices={REVIEWS}
            value={review ?? ""}
            onChange={(next) => change({ review: next })}
          />
        </div>
      </div>
      {corrections.nodes.length > 0 ? (
        <ReviewQueue
          key={review}
          modelId={modelId}
          corrections={corrections.nodes}
          onReviewed={() => refetch()}
        />
      ) : (
        <Empty
          title={review ? "There is none" : "Nothing waits for you"}
          action={
            <ButtonLink to={`/corrections/learning?model=${modelId}`}>To learning</ButtonLink>
          }
        >
          What people correct appears here. What you accept, the next round of learning takes up.
        </Empty>
      )}
    </>
  );
}
