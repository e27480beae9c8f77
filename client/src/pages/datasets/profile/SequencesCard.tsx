import { graphql } from "../../../gql";
import type { SequencesCard_ProfileFragment } from "../../../gql/graphql";
import { Card } from "../../../ui/Card";
import { Columns } from "../../../ui/charts/Columns";
import { Facts } from "../../../ui/Facts";
import { count, percent, plainName } from "../../../ui/words";

export const SEQUENCES = graphql(`
  fragment SequencesCard_profile on Profile {
    sequences {
      molecule
      reads
      letters
      unique
      gcShare
      ambiguousShare
      meanQuality
      expectedErrors
      lengths { first last rows }
      qualityByPosition { first last meanQuality }
    }
  }
`);

/** What sequences are like: their lengths, letters and qualities. */
export function SequencesCard({ profile }: { profile: SequencesCard_ProfileFragment }) {
  const { sequences } = profile;
  if (!sequences) return null;
  const { lengths, qualityByPosition: qualities } = sequences;
  const range = (first: number, last: number) => (first === last ? `${first}` : `${first}–${last}`);
  return (
    <Card title="Sequences">
      <Facts
        facts={[
          ["molecule", plainName(sequences.molecule).toUpperCase()],
          ["sequences", `${count(sequences.reads)}, ${count(sequences.unique)} different`],
          ["letters", count(sequences.letters)],
          ["G and C", percent(sequences.gcShare)],
          ["ambiguous", percent(sequences.ambiguousShare)],
          ["mean quality", sequences.meanQuality?.toFixed(1)],
          ["errors a read", sequences.expectedErrors?.toFixed(2)],
        ]}
      />
      <Columns
        title="Lengths"
        unit="Sequences"
        columns={lengths.map(({ first, last, rows }) => ({
          name: range(first, last),
          value: rows,
        }))}
      />
      {qualities.length > 0 && (
        <Columns
          title="Quality from the beginning to the end"
          unit="Mean Phred score"
          columns={qualities.map(({ first, last, meanQuality }) => ({
            name: range(first, last),
            value: meanQuality,
          }))}
        />
      )}
    </Card>
  );
}
