import type { FragmentType } from "@apollo/client/masking";
import { useSuspenseFragment } from "@apollo/client/react";
import { graphql } from "../../gql";
import type { KeyFacts_KeyFragment } from "../../gql/graphql";
import { Card } from "../../ui/Card";
import { Day } from "../../ui/Day";
import { Facts } from "../../ui/Facts";
import { Moment } from "../../ui/Moment";
import { plainName } from "../../ui/words";
import { budgetInWords } from "./keyWords";

const FACTS = graphql(`
  fragment KeyFacts_key on ApiKey {
    id
    scopes
    modelIds
    budget { points predictions }
    createdAt
    expiresAt
    rotatedAt
    previousUntil
    revokedAt
    lastUse { at address userAgent }
  }
`);

export function KeyFacts({ apiKey: from }: { apiKey: FragmentType<KeyFacts_KeyFragment> }) {
  const { data: key } = useSuspenseFragment({ fragment: FACTS, from });
  return (
    <Card title="What it is">
      <Facts
        facts={[
          ["may", key.scopes.map(plainName).join(", ")],
          ["reaches", key.modelIds ? key.modelIds.join(", ") : "all models of yours"],
          ["a day", budgetInWords(key.budget)],
          ["made", <Moment key="made" at={key.createdAt} />],
          ["ends", key.expiresAt ? <Day key="ends" at={key.expiresAt} /> : "never"],
          ["new secret", key.rotatedAt && <Moment at={key.rotatedAt} />],
          [
            "old secret good until",
            key.previousUntil && new Date(key.previousUntil).toLocaleString(),
          ],
          ["revoked", key.revokedAt && <Moment at={key.revokedAt} />],
          [
            "last use",
            key.lastUse ? (
              <>
                <Moment at={key.lastUse.at} /> from {key.lastUse.address} by {key.lastUse.userAgent}
              </>
            ) : (
              "never"
            ),
          ],
        ]}
      />
    </Card>
  );
}
