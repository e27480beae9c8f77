import type { FragmentType } from "@apollo/client/masking";
import { useSuspenseFragment } from "@apollo/client/react";
import { Link } from "react-router";
import { graphql } from "../../gql";
import type { KeyRow_KeyFragment } from "../../gql/graphql";
import { Day } from "../../ui/Day";
import { Moment } from "../../ui/Moment";
import { Td } from "../../ui/Table";
import { counted, plainName } from "../../ui/words";
import { KeyBadge } from "./KeyBadge";
import { budgetInWords } from "./keyWords";

const ROW = graphql(`
  fragment KeyRow_key on ApiKey {
    id
    name
    scopes
    modelIds
    budget { points predictions }
    expiresAt
    revokedAt
    warning
    lastUse { at address }
  }
`);

export function KeyRow({ apiKey: from }: { apiKey: FragmentType<KeyRow_KeyFragment> }) {
  const { data: key } = useSuspenseFragment({ fragment: ROW, from });
  return (
    <tr>
      <Td className="min-w-32">
        <Link to={`/keys/${key.id}`} className="font-medium text-accent hover:underline">
          {key.name}
        </Link>
      </Td>
      <Td>
        <KeyBadge apiKey={key} />
        {key.warning && <p className="mt-1 max-w-64 text-xs text-warn">{key.warning}</p>}
      </Td>
      <Td>
        {key.scopes.map(plainName).join(", ")}
        {key.modelIds && (
          <p className="text-xs text-soft">of {counted(key.modelIds.length, "model")}</p>
        )}
      </Td>
      <Td>{budgetInWords(key.budget)}</Td>
      <Td className="whitespace-nowrap">
        {key.lastUse ? (
          <>
            <Moment at={key.lastUse.at} />
            <p className="text-xs text-soft">from {key.lastUse.address}</p>
          </>
        ) : (
          "never"
        )}
      </Td>
      <Td className="whitespace-nowrap">{key.expiresAt ? <Day at={key.expiresAt} /> : "never"}</Td>
    </tr>
  );
}
