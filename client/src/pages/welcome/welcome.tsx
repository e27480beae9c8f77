import { useReadQuery } from "@apollo/client/react";
import { Suspense } from "react";
import { useLoaderData, useSearchParams } from "react-router";
import { preload } from "../../api/apollo";
import { useAgain } from "../../api/useAgain";
import { graphql } from "../../gql";
import { Page } from "../../ui/Page";
import { Loading } from "../../ui/States";
import { AskStep } from "./AskStep";
import { DataStep } from "./DataStep";
import { LookStep } from "./LookStep";
import { NotYet } from "./NotYet";
import { PublishStep } from "./PublishStep";
import { StepList } from "./StepList";
import { currentStep, stepsOf } from "./steps";
import { TrainStep } from "./TrainStep";

const WELCOME = graphql(`
  query Welcome {
    datasets(first: 1) {
      nodes { id name versions(first: 1) { nodes { id number status kind rows job { id } } } }
    }
    trainings: jobs(first: 1, filter: { kind: TRAIN }) {
      nodes { id status }
    }
    models(first: 1) {
      nodes {
        id
        name
        publishedVersion { id number ...Desk_version }
        versions(first: 1) { nodes { id number ...PublishStep_version } }
      }
    }
    predictions(first: 1) { nodes { id } }
  }
`);

const UNDERWAY: ReadonlySet<string> = new Set(["QUEUED", "RUNNING", "CANCELLING"]);

export const loader = () => preload(WELCOME, { fetchPolicy: "network-only" });

/** From nothing to a model that answers, in five steps; the API tells how far one is. */
export function Component() {
  const welcome = useLoaderData() as ReturnType<typeof loader>;
  const again = useAgain(welcome);
  const { datasets, trainings, models, predictions } = useReadQuery(welcome).data;
  const [search, setSearch] = useSearchParams();
  const dataset = datasets.nodes[0];
  const version = dataset?.versions.nodes[0];
  const model = models.nodes[0];
  const newest = model?.versions.nodes[0];
  const published = model?.publishedVersion;
  const training = trainings.nodes[0];
  const isTraining = UNDERWAY.has(training?.status ?? "");
  const steps = stepsOf({
    dataset: version?.status,
    isTraining,
    hasModel: Boolean(newest),
    isPublished: Boolean(published),
    wasAsked: predictions.nodes.length > 0,
  });
  const step = currentStep(steps, search.get("step"));
  const isDone = steps.every((each) => each.isDone);

  const goTo = (number: number) => setSearch({ step: String(number) });

  return (
    <Page
      title={isDone ? "You are up and running" : "Welcome to Shoal"}
      summary={
        isDone
          ? "A model of yours is published and answers."
          : "From rows of text to a model that answers, in five steps."
      }
    >
      <StepList steps={steps} current={step?.number} />
      <Suspense fallback={<Loading />}>
        {step && !step.isOpen && <NotYet steps={steps} />}
        {step?.isOpen && step.number === 1 && (
          <DataStep dataset={dataset} version={version} onChange={again} onNext={() => goTo(2)} />
        )}
        {step?.isOpen && step.number === 2 && dataset && version && (
          <LookStep datasetId={dataset.id} versionId={version.id} onNext={() => goTo(3)} />
        )}
        {step?.isOpen && step.number === 3 && dataset && version && (
          <TrainStep
            version={version}
            training={training && (isTraining || !newest) ? training : undefined}
            isDone={Boolean(newest)}
            onChange={again}
            onNext={() => goTo(4)}
          />
        )}
        {step?.isOpen && step.number === 4 && newest && model && (
          <PublishStep
            version={newest}
            modelId={model.id}
            isPublished={Boolean(published)}
            onNext={() => goTo(5)}
          />
        )}
        {step?.isOpen && step.number === 5 && published && model && (
          <AskStep model={model.name} version={published} isDone={step.isDone} />
        )}
      </Suspense>
    </Page>
  );
}
