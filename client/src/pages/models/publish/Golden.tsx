import { CircleCheck, CircleX } from "lucide-react";
import { graphql } from "../../../gql";
import type { Golden_VersionFragment } from "../../../gql/graphql";
import { Badge } from "../../../ui/Badge";
import { percent } from "../../../ui/words";

graphql(`
  fragment Golden_version on ModelVersion {
    goldenResults {
      label
      probability
      abstained
      passed
      question { id text label blocks }
    }
  }
`);

/** How the candidate answers the questions that the model is held to. */
export function Golden({ version }: { version: Golden_VersionFragment }) {
  const { goldenResults: results } = version;
  if (results.length === 0) return <p className="text-soft">Nobody pinned a question.</p>;
  const failed = results.filter(({ passed }) => !passed);
  return (
    <>
      <p>
        {failed.length === 0
          ? `It answers all ${results.length} as it has to.`
          : `It fails ${failed.length} of ${results.length}.`}
      </p>
      <ul className="mt-2 flex max-h-60 flex-col gap-2 overflow-auto">
        {[...failed, ...results.filter(({ passed }) => passed)].map((each) => (
          <li key={each.question.id} className="flex gap-2">
            {each.passed ? (
              <CircleCheck aria-label="passed" className="size-5 shrink-0 text-good" />
            ) : (
              <CircleX aria-label="failed" className="size-5 shrink-0 text-bad" />
            )}
            <span className="min-w-0">
              {each.question.text} <span className="text-soft">→ {each.question.label}</span>
              {!each.passed && (
                <span className="block text-bad">
                  {each.abstained ? "would not answer" : `says ${each.label}`} (
                  {percent(each.probability)}){" "}
                  {each.question.blocks && <Badge tone="bad">blocks</Badge>}
                </span>
              )}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}
