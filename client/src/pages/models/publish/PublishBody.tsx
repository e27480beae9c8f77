import { useSuspenseQuery } from "@apollo/client/react";
import { type ReactNode, Suspense, use, useState, useTransition } from "react";
import { Link } from "react-router";
import { graphql } from "../../../gql";
import { Button } from "../../../ui/Button";
import { DialogClose } from "../../../ui/Dialog";
import { Problem } from "../../../ui/Problem";
import { Loading } from "../../../ui/States";
import { Tick } from "../../../ui/Tick";
import { note } from "../../../ui/toast";
import { ComparisonOf } from "../compare/ComparisonOf";
import { ComparisonSummary } from "./ComparisonSummary";
import { Effect } from "./Effect";
import { Golden } from "./Golden";
import type { Published } from "./usePublish";

const CANDIDATE = graphql(`
  query Candidate($id: ID!) {
    modelVersion(id: $id) {
      id
      number
      model { id name publishedVersion { id number } }
      goldenResults { passed question { id blocks } }
      ...Golden_version @unmask
    }
  }
`);

interface PublishBodyProps {
  id: string;
  preview: Promise<Published>;
  publish: (force: boolean) => Promise<Published>;
  onDone: () => void;
}

/** What publishing would change, whether it is better, whether anything speaks against it. */
export function PublishBody({ id, preview, publish, onDone }: PublishBodyProps) {
  const { done, refusal } = use(preview);
  const { modelVersion: version } = useSuspenseQuery(CANDIDATE, {
    variables: { id },
    fetchPolicy: "network-only",
  }).data;
  const [force, setForce] = useState(false);
  const [problem, setProblem] = useState(refusal);
  const [isPending, start] = useTransition();
  const now = version?.model?.publishedVersion;
  const isBlocked =
    version?.goldenResults.some(({ passed, question }) => !passed && question.blocks) ?? false;

  async function confirm() {
    const { refusal: refused } = await publish(force);
    setProblem(refused);
    if (refused) return;
    note("Published", `Version ${version?.number} answers as ${version?.model?.name}.`);
    onDone();
  }

  return (
    <>
      {done?.effect && (
        <Part title="What changes">
          <Effect effect={done.effect} />
        </Part>
      )}
      {version?.model && now && now.id !== id && (
        <Part title={`Beside version ${now.number}, which answers now`}>
          <Suspense fallback={<Loading lines={2} />}>
            <ComparisonOf model={version.model.id} before={now.id} after={id}>
              {(comparison) => (
                <>
                  <ComparisonSummary id={comparison} />
                  <Link
                    to={`/models/${version.model?.id}/compare?before=${now.id}&after=${id}`}
                    className="text-accent underline"
                  >
                    The whole comparison
                  </Link>
                </>
              )}
            </ComparisonOf>
          </Suspense>
        </Part>
      )}
      {version && (
        <Part title="Golden questions">
          <Golden version={version} />
        </Part>
      )}
      {isBlocked && (
        <div className="flex flex-col gap-2 rounded-md bg-bad-soft p-3 text-bad">
          It fails questions that block.
          <Tick label="Publish it all the same" checked={force} onChange={setForce} />
        </div>
      )}
      <Problem>{problem}</Problem>
      <div className="flex justify-end gap-2">
        <DialogClose render={<Button>Cancel</Button>} />
        <Button
          look="primary"
          disabled={isPending || (isBlocked && !force)}
          onClick={() => start(confirm)}
        >
          {isPending ? "Publishing …" : "Publish it"}
        </Button>
      </div>
    </>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section>
      <h3 className="mb-2 font-semibold">{title}</h3>
      {children}
    </section>
  );
}
