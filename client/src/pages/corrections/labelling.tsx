import { useSuspenseQuery } from "@apollo/client/react";
import { Link } from "react-router";
import { graphql } from "../../gql";
import { Card } from "../../ui/Card";
import { Moment } from "../../ui/Moment";
import { Progress } from "../../ui/Progress";
import { Empty } from "../../ui/States";
import { counted } from "../../ui/words";
import { NewBatch } from "./NewBatch";
import { useCorrectionsPlace } from "./place";

const BATCHES = graphql(`
  query LabellingBatches($modelId: ID!) {
    model(id: $modelId) {
      id
      labellingBatches(first: 50) {
        nodes {
          id
          createdAt
          progress { total labelled skipped open }
          owner { id name }
        }
      }
      publishedVersion {
        id
        driftReports(first: 10) {
          nodes {
            id
            createdAt
            findings { message holes { number name texts } }
          }
        }
      }
    }
  }
`);

/** Texts that the model knows least about, for people to label. */
export function Component() {
  const { model } = useCorrectionsPlace();
  if (!model) return <Empty title="You have no model of your own" />;
  return <Batches modelId={model.id} />;
}

function Batches({ modelId }: { modelId: string }) {
  const { data } = useSuspenseQuery(BATCHES, {
    variables: { modelId },
    fetchPolicy: "cache-and-network",
  });
  if (!data.model) return <Empty title="The model is gone" />;
  const batches = data.model.labellingBatches.nodes;
  const version = data.model.publishedVersion;
  const report = version?.driftReports.nodes.find(({ findings }) => findings !== null);
  return (
    <>
      {report?.findings ? (
        <NewBatch reportId={report.id} measuredAt={report.createdAt} findings={report.findings} />
      ) : (
        <Empty title="What should be labelled is not known yet">
          Batches are made of what a measurement of drift finds: texts unlike all that the model
          learnt from.{" "}
          {version && (
            <Link to={`/models/${modelId}/versions/${version.id}/drift`} className="underline">
              Measure the drift of its published version
            </Link>
          )}
        </Empty>
      )}
      {batches.length > 0 && (
        <Card title="Batches">
          <ul className="flex flex-col divide-y divide-line">
            {batches.map(({ id, createdAt, progress, owner }) => (
              <li key={id} className="flex flex-wrap items-center gap-3 py-2">
                <Link
                  to={`/corrections/labelling/${id}`}
                  className="font-medium text-accent hover:underline"
                >
                  {counted(progress.total, "text")}
                </Link>
                <span className="min-w-32 flex-1">
                  <Progress
                    label="Labelled or skipped"
                    share={(progress.total - progress.open) / Math.max(1, progress.total)}
                  />
                </span>
                <span className="text-soft">
                  {progress.open === 0 ? "done" : `${progress.open} open`}, {owner?.name}{" "}
                  <Moment at={createdAt} />
                </span>
              </li>
            ))}
          </ul>
        </Card>
      )}
    </>
  );
}
