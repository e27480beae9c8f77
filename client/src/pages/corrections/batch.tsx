import { useQueryRefHandlers, useReadQuery } from "@apollo/client/react";
import { type LoaderFunctionArgs, useLoaderData } from "react-router";
import { preload } from "../../api/apollo";
import { graphql } from "../../gql";
import { NotFound } from "../../shell/RouteError";
import { ButtonLink } from "../../ui/Button";
import { Page } from "../../ui/Page";
import { Progress } from "../../ui/Progress";
import { Empty } from "../../ui/States";
import { counted } from "../../ui/words";
import { LabelItem } from "./LabelItem";

const BATCH = graphql(`
  query LabellingBatch($id: ID!) {
    labellingBatch(id: $id) {
      id
      progress { total labelled skipped open }
      items(status: OPEN) {
        prediction { id text label probability decision }
      }
      model {
        id
        name
        publishedVersion { id labels }
      }
    }
  }
`);

export function loader({ params }: LoaderFunctionArgs) {
  const variables = { id: params["id"] ?? "" };
  return preload(BATCH, { variables, fetchPolicy: "network-only" });
}

/** A batch, one text after the other. */
export function Component() {
  const batch = useLoaderData<typeof loader>();
  const { refetch } = useQueryRefHandlers(batch);
  const { labellingBatch: found } = useReadQuery(batch).data;
  if (!found) return <NotFound />;
  const { progress, items, model } = found;
  const next = items[0]?.prediction;
  return (
    <Page
      title="Labelling"
      summary={model && `What ${model.name} should have answered.`}
      actions={
        <ButtonLink to={`/corrections/labelling?model=${model?.id}`}>All batches</ButtonLink>
      }
    >
      <div className="flex flex-col gap-1">
        <Progress
          label="Labelled or skipped"
          share={(progress.total - progress.open) / Math.max(1, progress.total)}
        />
        <p role="status" className="text-soft">
          {counted(progress.open, "text")} of {progress.total} open, {progress.labelled} labelled,{" "}
          {progress.skipped} skipped
        </p>
      </div>
      {next ? (
        <LabelItem
          key={next.id}
          batchId={found.id}
          prediction={next}
          labels={model?.publishedVersion?.labels ?? []}
          onDone={() => refetch()}
        />
      ) : (
        <Empty
          title="All done"
          action={
            <ButtonLink look="primary" to={`/corrections/review?model=${model?.id}`}>
              Review and learn
            </ButtonLink>
          }
        >
          The labels are corrections now: accept them, and the next round of learning takes them up.
        </Empty>
      )}
    </Page>
  );
}
