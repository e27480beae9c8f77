import { problemOf } from "../../api/problems";
import { session } from "../../api/session";
import { useOutcome } from "../../api/useOutcome";
import { graphql } from "../../gql";
import { Consider } from "../../ui/Consider";
import { counted } from "../../ui/words";

const TRY = graphql(`
  mutation TrySignOutEverywhere {
    signOutEverywhere(input: { dryRun: true }) {
      effect { sessions apiKeys }
      userErrors { message code path }
    }
  }
`);

export function SignOutEverywhere() {
  const attempt = useOutcome(TRY);
  return (
    <Consider
      name="Sign out everywhere"
      title="Sign out everywhere?"
      action="Sign out"
      consider={() => attempt({})}
      tell={({ effect }) =>
        effect &&
        `${counted(effect.sessions, "session")} will end, this one among them. Your API keys stay.`
      }
      onConfirm={() => session.signOut(true).then(() => undefined, problemOf)}
    />
  );
}
