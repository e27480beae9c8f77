import type { FragmentType } from "@apollo/client/masking";
import { useSuspenseFragment } from "@apollo/client/react";
import { graphql } from "../../gql";
import type { KeyActions_KeyFragment } from "../../gql/graphql";
import { Button } from "../../ui/Button";
import { Confirm } from "../../ui/Confirm";
import { RotateKey } from "./RotateKey";
import { useRevokeKey } from "./useRevokeKey";

const ACTIONS = graphql(`
  fragment KeyActions_key on ApiKey {
    id
    name
    lastUse { at }
  }
`);

export function KeyActions({ apiKey: from }: { apiKey: FragmentType<KeyActions_KeyFragment> }) {
  const { data: key } = useSuspenseFragment({ fragment: ACTIONS, from });
  const revoke = useRevokeKey();
  return (
    <>
      <RotateKey id={key.id} />
      <Confirm
        trigger={<Button look="danger">Revoke</Button>}
        title={`Revoke ${key.name}?`}
        action="Revoke the key"
        onConfirm={() => revoke(key.id)}
      >
        Programs that use it are refused at once, for good.
        {key.lastUse ? " It is in use: see its last use below." : " It was never used."}
      </Confirm>
    </>
  );
}
