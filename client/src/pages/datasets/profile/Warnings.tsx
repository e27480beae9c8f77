import { TriangleAlert } from "lucide-react";
import { graphql } from "../../../gql";
import type { Warnings_ProfileFragment } from "../../../gql/graphql";

export const WARNINGS = graphql(`
  fragment Warnings_profile on Profile {
    warnings { code message }
  }
`);

/** What to know before training on it. */
export function Warnings({ profile }: { profile: Warnings_ProfileFragment }) {
  const { warnings } = profile;
  return warnings.map(({ code, message }) => (
    <div
      key={code}
      role="alert"
      className="flex items-start gap-3 rounded-lg border border-warn bg-warn-soft p-4 text-warn"
    >
      <TriangleAlert aria-hidden="true" className="size-5 shrink-0" />
      <p className="font-medium">{message}</p>
    </div>
  ));
}
