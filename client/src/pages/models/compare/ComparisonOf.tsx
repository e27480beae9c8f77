import { useSuspenseQuery } from "@apollo/client/react";
import { type ReactNode, useState, useTransition } from "react";
import { Link } from "react-router";
import { unique } from "../../../api/unique";
import { graphql } from "../../../gql";
import { Button } from "../../../ui/Button";
import { Problem } from "../../../ui/Problem";
import { Progress } from "../../../ui/Progress";
import { JobFollower } from "./JobFollower";
import { useCompareVersions } from "./useCompareVersions";

const MADE = graphql(`
  query ComparisonsMade($model: ID!) {
    model(id: $model) {
      id
      comparisons(first: 100) {
        nodes {
          id
          before { id }
          after { id }
          job { id status progress failure { message } }
        }
      }
    }
  }
`);

interface ComparisonOfProps {
  model: string;
  before: string;
  after: string;
  /** Shows what it came to. */
  children: (comparisonId: string) => ReactNode;
}

/** The newest comparison of two versions, or what it takes to have one. */
export function ComparisonOf({ model, before, after, children }: ComparisonOfProps) {
  const { data, refetch } = useSuspenseQuery(MADE, {
    variables: { model },
    fetchPolicy: "cache-and-network",
  });
  const found = data.model?.comparisons.nodes.find(
    (each) => each.before?.id === before && each.after?.id === after,
  );
  const { id, status } = found?.job ?? {};
  if (found && status === "SUCCEEDED") return children(found.id);
  if (id && (status === "QUEUED" || status === "RUNNING")) {
    return (
      <div className="flex flex-col gap-2">
        <JobFollower key={id} id={id} onEnd={() => refetch()} />
        <p role="status">
          Both are asked the same rows and the latest queries …{" "}
          <Link to={`/jobs/${id}`} className="text-accent underline">
            The job
          </Link>
        </p>
        <Progress
          label="Comparison"
          share={status === "QUEUED" ? null : (found?.job?.progress ?? 0)}
        />
      </div>
    );
  }
  return (
    <Ask
      before={before}
      after={after}
      failure={found?.job?.failure?.message}
      onAsked={() => refetch()}
    />
  );
}

interface AskProps {
  before: string;
  after: string;
  failure: string | undefined;
  onAsked: () => Promise<unknown>;
}

function Ask({ before, after, failure, onAsked }: AskProps) {
  const [key, setKey] = useState(unique);
  const [problem, setProblem] = useState(failure);
  const [isPending, start] = useTransition();
  const compare = useCompareVersions();

  async function ask() {
    const refused = await compare(before, after, key);
    setProblem(refused);
    if (refused) return;
    await onAsked();
    setKey(unique());
  }

  return (
    <div className="flex flex-col items-start gap-2">
      <p className="text-soft">
        An exam on rows that neither learnt from, and a replay of what was asked last. It takes some
        seconds.
      </p>
      <Problem>{problem}</Problem>
      <Button disabled={isPending} onClick={() => start(ask)}>
        {isPending ? "Asking …" : "Compare them now"}
      </Button>
    </div>
  );
}
