import type { FragmentType } from "@apollo/client/masking";
import { useSuspenseFragment } from "@apollo/client/react";
import { graphql } from "../../gql";
import type { UserActions_UserFragment } from "../../gql/graphql";
import { useViewer } from "../../shell/viewer";
import { Button } from "../../ui/Button";
import { Confirm } from "../../ui/Confirm";
import { Consider } from "../../ui/Consider";
import { counted } from "../../ui/words";
import { useDisable } from "./useDisable";
import { useEnable } from "./useEnable";
import { useSetRole } from "./useSetRole";

const ACTIONS = graphql(`
  fragment UserActions_user on User {
    id
    name
    role
    revision
    disabledAt
  }
`);

/** What an admin may do with somebody else's account. */
export function UserActions({ user: from }: { user: FragmentType<UserActions_UserFragment> }) {
  const { data: user } = useSuspenseFragment({ fragment: ACTIONS, from });
  const viewer = useViewer();
  if (user.id === viewer.id) return null;
  return (
    <>
      <ChangeRole user={user} />
      {user.disabledAt ? <Enable user={user} /> : <Disable user={user} />}
    </>
  );
}

function ChangeRole({ user }: { user: UserActions_UserFragment }) {
  const setRole = useSetRole();
  const isAdmin = user.role === "ADMIN";
  const words = isAdmin ? "Make a user" : "Make an admin";
  return (
    <Confirm
      trigger={<Button>{words}</Button>}
      title={isAdmin ? `Make ${user.name} a user?` : `Make ${user.name} an admin?`}
      action={words}
      onConfirm={() => setRole(user, isAdmin ? "USER" : "ADMIN")}
    >
      {isAdmin
        ? "From then on they see what is theirs and what is published, and nothing else."
        : "From then on they may do everything, for everybody: also make admins, and unmake you."}
    </Confirm>
  );
}

function Disable({ user }: { user: UserActions_UserFragment }) {
  const disable = useDisable();
  return (
    <Consider
      name="Disable"
      title={`Keep ${user.name} out?`}
      action="Disable the account"
      consider={() => disable(user, true)}
      tell={({ effect }) =>
        effect &&
        `${counted(effect.sessions, "session")} will end, ${counted(effect.apiKeys, "API key")} will open nothing, and ${counted(effect.jobs, "job")} will go on.`
      }
      onConfirm={async () => (await disable(user, false)).refusal}
    />
  );
}

function Enable({ user }: { user: UserActions_UserFragment }) {
  const enable = useEnable();
  return (
    <Confirm
      trigger={<Button>Enable</Button>}
      title={`Let ${user.name} in again?`}
      action="Enable the account"
      onConfirm={() => enable(user)}
    >
      They sign in with the password that they had. API keys that have not ended are good again.
    </Confirm>
  );
}
