import type { FragmentType } from "@apollo/client/masking";
import { useSuspenseFragment } from "@apollo/client/react";
import { graphql } from "../../gql";
import type { InvitationRow_InvitationFragment } from "../../gql/graphql";
import { Badge, type Tone } from "../../ui/Badge";
import { Day } from "../../ui/Day";
import { Moment } from "../../ui/Moment";
import { Td } from "../../ui/Table";
import { useNow } from "../../ui/useNow";
import { plainName } from "../../ui/words";
import { type InvitationState, invitationState } from "./invitationWords";

const ROW = graphql(`
  fragment InvitationRow_invitation on Invitation {
    id
    email
    role
    createdAt
    expiresAt
    acceptedAt
    invitedBy { id name }
  }
`);

const TONES: Record<InvitationState, Tone> = {
  accepted: "good",
  open: "accent",
  expired: "neutral",
};

interface InvitationRowProps {
  invitation: FragmentType<InvitationRow_InvitationFragment>;
}

export function InvitationRow({ invitation: from }: InvitationRowProps) {
  const { data: invitation } = useSuspenseFragment({ fragment: ROW, from });
  const state = invitationState(invitation, useNow());
  return (
    <tr>
      <Td className="font-medium">{invitation.email}</Td>
      <Td>{plainName(invitation.role)}</Td>
      <Td className="whitespace-nowrap">
        <Badge tone={TONES[state]}>{state}</Badge>{" "}
        {invitation.acceptedAt && <Moment at={invitation.acceptedAt} />}
      </Td>
      <Td className="whitespace-nowrap">
        <Moment at={invitation.createdAt} />
        {invitation.invitedBy && (
          <p className="text-xs text-soft">by {invitation.invitedBy.name}</p>
        )}
      </Td>
      <Td className="whitespace-nowrap">
        <Day at={invitation.expiresAt} />
      </Td>
    </tr>
  );
}
