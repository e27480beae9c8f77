import type { FragmentType } from "@apollo/client/masking";
import type { Desk_VersionFragment } from "../../gql/graphql";
import { useViewer } from "../../shell/viewer";
import { ButtonLink } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { Desk } from "../playground/Desk";
import { AskedWatch } from "./AskedWatch";

interface AskStepProps {
  model: string;
  version: FragmentType<Desk_VersionFragment>;
  isDone: boolean;
}

/** The first question, and where to go from here. */
export function AskStep({ model, version, isDone }: AskStepProps) {
  const { role } = useViewer();
  return (
    <>
      {!isDone && <AskedWatch />}
      <Desk model={model} version={version} />
      <Card title="What comes next">
        <div className="flex flex-wrap gap-2">
          {role === "ADMIN" && <ButtonLink to="/admin/invitations">Invite people</ButtonLink>}
          <ButtonLink to="/keys">An API key for your program</ButtonLink>
          <ButtonLink to="/graphiql" reloadDocument>
            The API with examples
          </ButtonLink>
          <ButtonLink to="/search">Search your data by meaning</ButtonLink>
          <ButtonLink to="/overview">To the overview</ButtonLink>
        </div>
      </Card>
    </>
  );
}
