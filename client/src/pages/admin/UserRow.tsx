import type { FragmentType } from "@apollo/client/masking";
import { useSuspenseFragment } from "@apollo/client/react";
import { Link } from "react-router";
import { graphql } from "../../gql";
import type { UserRow_UserFragment } from "../../gql/graphql";
import { useViewer } from "../../shell/viewer";
import { Badge } from "../../ui/Badge";
import { Moment } from "../../ui/Moment";
import { Td } from "../../ui/Table";
import { plainName } from "../../ui/words";

const ROW = graphql(`
  fragment UserRow_user on User {
    id
    name
    email
    role
    createdAt
    disabledAt
  }
`);

export function UserRow({ user: from }: { user: FragmentType<UserRow_UserFragment> }) {
  const { data: user } = useSuspenseFragment({ fragment: ROW, from });
  const isSelf = useViewer().id === user.id;
  return (
    <tr>
      <Td className="min-w-32">
        <Link to={`/admin/users/${user.id}`} className="font-medium text-accent hover:underline">
          {user.name}
        </Link>
        {isSelf && <span className="text-soft"> (you)</span>}
      </Td>
      <Td>{user.email}</Td>
      <Td>
        <Badge tone={user.role === "ADMIN" ? "accent" : "neutral"}>{plainName(user.role)}</Badge>
      </Td>
      <Td className="whitespace-nowrap">
        {user.disabledAt ? (
          <>
            <Badge tone="bad">disabled</Badge> <Moment at={user.disabledAt} />
          </>
        ) : (
          <Badge tone="good">may sign in</Badge>
        )}
      </Td>
      <Td className="whitespace-nowrap">
        <Moment at={user.createdAt} />
      </Td>
    </tr>
  );
}
