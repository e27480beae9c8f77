import type { FragmentType } from "@apollo/client/masking";
import { useSuspenseFragment } from "@apollo/client/react";
import { Download } from "lucide-react";
import { graphql } from "../../gql";
import type { Answers_VersionFragment } from "../../gql/graphql";
import { Button } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { Progress } from "../../ui/Progress";
import { Empty, Failure, Loading } from "../../ui/States";
import { save } from "../../ui/save";
import { count } from "../../ui/words";
import { AnswerCard } from "./AnswerCard";
import { AnswerList } from "./AnswerList";
import { Asking } from "./Asking";
import { useAnswers } from "./useAnswers";

const VERSION = graphql(`
  fragment Answers_version on ModelVersion {
    id
    ...AnswerCard_version
  }
`);

interface AnswersProps {
  model: string;
  version: FragmentType<Answers_VersionFragment>;
  texts: readonly string[];
}

/** One answer with all that is known of it, or many in a table. */
export function Answers({ model, version: from, texts }: AnswersProps) {
  const { data: version } = useSuspenseFragment({
    fragment: VERSION,
    fragmentName: "Answers_version",
    from,
  });
  const { of, round, problem, retry, take, end } = useAnswers(texts);
  const answered = texts.flatMap((text) => {
    const answer = of(text);
    return answer ? [{ text, answer }] : [];
  });
  const isBusy = round.missing.length > 0;
  const isMany = texts.length > 1;
  const [only] = answered;

  async function exportAll() {
    const { tableOf } = await import("./table");
    save(`${model}.csv`, "text/csv", tableOf(answered));
  }

  if (texts.length === 0) {
    return <Empty title="Write a text, and the answer appears here" />;
  }
  return (
    <Card
      title={isMany ? `${count(answered.length)} of ${count(texts.length)} answered` : "Answer"}
      actions={
        isMany && (
          <Button disabled={answered.length === 0} onClick={exportAll}>
            <Download aria-hidden="true" className="size-4" /> CSV
          </Button>
        )
      }
    >
      {isBusy && (
        <Asking
          key={round.number}
          model={model}
          texts={round.missing}
          onAnswers={take}
          onEnd={end}
        />
      )}
      <div className="flex flex-col gap-3" aria-live="polite" aria-busy={isBusy}>
        {isBusy && isMany && (
          <Progress label="Texts answered" share={answered.length / texts.length} />
        )}
        {problem && <Failure error={problem} onRetry={retry} />}
        {!isMany && isBusy && <Loading lines={3} />}
        {!isMany && only && (
          <AnswerCard key={only.answer.id} model={model} version={version} answer={only.answer} />
        )}
      </div>
      {isMany && <AnswerList model={model} version={version} texts={texts} of={of} />}
    </Card>
  );
}
