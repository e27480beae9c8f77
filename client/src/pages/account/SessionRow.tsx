import type { FragmentType } from "@apollo/client/masking";
import { useSuspenseFragment } from "@apollo/client/react";
import { graphql } from "../../gql";
import type { SessionRow_SessionFragment } from "../../gql/graphql";
import { Badge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { Confirm } from "../../ui/Confirm";
import { Day } from "../../ui/Day";
import { Moment } from "../../ui/Moment";
import { Td } from "../../ui/Table";
import { programOf } from "./programs";
import { useEndSession } from "./useEndSession";

const ROW = graphql(`
  fragment SessionRow_session on Session {
    id
    createdAt
    refreshedAt
    expiresAt
    userAgent
    address
    isCurrent
  }
`);

interface SessionRowProps {
  session: FragmentType<SessionRow_SessionFragment>;
  onEnded: () => void;
}

export function SessionRow({ session: from, onEnded }: SessionRowProps) {
  const { data: session } = useSuspenseFragment({ fragment: ROW, from });
  const end = useEndSession();

  async function confirm() {
    const refusal = await end(session.id);
    if (!refusal) onEnded();
    return refusal;
  }

  return (
    <tr>
      <Td title={session.userAgent}>
        {programOf(session.userAgent)}{" "}
        {session.isCurrent && <Badge tone="good">this browser</Badge>}
      </Td>
      <Td>{session.address}</Td>
      <Td className="whitespace-nowrap">
        <Moment at={session.createdAt} />
      </Td>
      <Td className="whitespace-nowrap">
        <Moment at={session.refreshedAt ?? session.createdAt} />
      </Td>
      <Td className="whitespace-nowrap">
        <Day at={session.expiresAt} />
      </Td>
      <Td kind="action">
        {!session.isCurrent && (
          <Confirm
            trigger={<Button look="danger">End</Button>}
            title="End this session?"
            action="End it"
            onConfirm={confirm}
          >
            {programOf(session.userAgent)} at {session.address} is signed out.
          </Confirm>
        )}
      </Td>
    </tr>
  );
}
