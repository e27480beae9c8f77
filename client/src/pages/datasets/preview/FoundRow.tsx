import { graphql } from "../../../gql";
import type { FoundRow_HitFragment } from "../../../gql/graphql";
import { Td } from "../../../ui/Table";
import { percent } from "../../../ui/words";
import { pieces } from "./matches";

export const HIT = graphql(`
  fragment FoundRow_hit on SearchHit {
    row
    text
    label
    score
    semantic
    keyword
    matches { start end }
  }
`);

/** A hit, with the words that were asked for marked, and the parts of its score. */
export function FoundRow({ hit }: { hit: FoundRow_HitFragment }) {
  return (
    <tr>
      <Td kind="number" className="text-soft">
        {hit.row}
      </Td>
      <Td className="min-w-64 break-words">
        {pieces(hit.text, hit.matches).map(({ at, text, isMatch }) =>
          isMatch ? (
            <mark key={at} className="rounded-xs bg-warn-soft text-warn">
              {text}
            </mark>
          ) : (
            <span key={at}>{text}</span>
          ),
        )}
      </Td>
      <Td className="whitespace-nowrap">{hit.label}</Td>
      <Td className="w-44">
        <p className="font-medium tabular-nums">{hit.score.toFixed(3)}</p>
        <Part name="meaning" share={hit.semantic} />
        <Part name="words" share={hit.keyword} />
      </Td>
    </tr>
  );
}

function Part({ name, share }: { name: string; share: number | null }) {
  if (share === null) return null;
  return (
    <p className="grid grid-cols-[4rem_1fr_3rem] items-center gap-1 text-xs text-soft">
      {name}
      <span aria-hidden="true" className="h-1.5 rounded-full bg-raised">
        <span
          className="block h-full rounded-full bg-accent"
          style={{ width: percent(Math.max(0, share)) }}
        />
      </span>
      <span className="text-right tabular-nums">{share.toFixed(2)}</span>
    </p>
  );
}
