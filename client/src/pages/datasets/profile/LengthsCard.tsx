import { graphql } from "../../../gql";
import type { LengthsCard_ProfileFragment } from "../../../gql/graphql";
import { Card } from "../../../ui/Card";
import { Facts } from "../../../ui/Facts";
import { count, counted } from "../../../ui/words";

export const LENGTHS = graphql(`
  fragment LengthsCard_profile on Profile {
    lengths { min median p95 max mean }
  }
`);

/** How long the rows are: where the half of them lies, and where nearly all of them end. */
export function LengthsCard({ profile }: { profile: LengthsCard_ProfileFragment }) {
  const { min, median, p95, max, mean } = profile.lengths;
  // the longest may be a thousand times the usual: a logarithm shows both
  const place = (length: number) => (100 * Math.log1p(length)) / Math.log1p(Math.max(1, max));
  return (
    <Card title="Lengths">
      <div aria-hidden="true" className="relative mb-4 h-6">
        <div className="absolute inset-x-0 top-2.5 h-1 rounded bg-raised" />
        <div
          className="absolute top-1.5 h-3 rounded bg-accent-soft"
          style={{ left: `${place(min)}%`, right: `${100 - place(p95)}%` }}
        />
        <div
          className="absolute top-0 h-6 w-1 rounded bg-accent"
          style={{ left: `${place(median)}%` }}
        />
      </div>
      <Facts
        facts={[
          ["shortest", counted(min, "character")],
          ["half are up to", count(median)],
          ["95% are up to", count(p95)],
          ["longest", count(max)],
          ["on average", mean.toFixed(1)],
        ]}
      />
    </Card>
  );
}
