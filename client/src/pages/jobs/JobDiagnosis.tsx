import type { FragmentType } from "@apollo/client/masking";
import { useSuspenseFragment } from "@apollo/client/react";
import { useNavigate } from "react-router";
import { graphql } from "../../gql";
import type { JobDiagnosis_JobFragment } from "../../gql/graphql";
import { Button } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { complain } from "../../ui/toast";
import { useApplyFix } from "./useApplyFix";

const DIAGNOSIS = graphql(`
  fragment JobDiagnosis_job on Job {
    id
    failure { code message stage }
    diagnosis {
      cause
      evidence
      fixes { id label }
    }
  }
`);

/** Why a job failed, what shows it, and what would mend it at one click. */
export function JobDiagnosis({ job: from }: { job: FragmentType<JobDiagnosis_JobFragment> }) {
  const { data: job } = useSuspenseFragment({ fragment: DIAGNOSIS, from });
  const { failure, diagnosis } = job;
  const apply = useApplyFix();
  const navigate = useNavigate();
  if (!failure) return null;

  async function fix(fixId: string) {
    const { done, refusal } = await apply(job.id, fixId);
    if (refusal) complain(refusal);
    if (done?.job) navigate(`/jobs/${done.job.id}`);
  }

  return (
    <Card title={failure.stage ? `Failed in ${failure.stage}` : "Failed"} className="border-bad">
      <p className="font-medium">{diagnosis?.cause ?? failure.message}</p>
      <ul className="mt-2 list-disc pl-5 text-soft">
        {diagnosis?.evidence.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <div className="mt-3 flex flex-wrap gap-2">
        {diagnosis?.fixes.map(({ id, label }, place) => (
          <Button
            key={id}
            look={place === 0 ? "primary" : "plain"}
            className="text-left whitespace-normal!"
            onClick={() => fix(id)}
          >
            {label}
          </Button>
        ))}
      </div>
    </Card>
  );
}
