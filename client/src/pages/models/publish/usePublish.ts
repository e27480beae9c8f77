import type { Outcome } from "../../../api/outcome";
import { useOutcome } from "../../../api/useOutcome";
import { graphql } from "../../../gql";
import type { PublishModelInput, PublishModelMutation } from "../../../gql/graphql";

const PUBLISH = graphql(`
  mutation PublishModel($input: PublishModelInput!) {
    publishModel(input: $input) {
      model { id revision publishedVersion { id number } }
      effect { ...Effect_effect @unmask }
      userErrors { message code path }
    }
  }
`);

export type Published = Outcome<PublishModelMutation["publishModel"]>;

/** Publishes a version, or tells what that would change. */
export function usePublish() {
  const publish = useOutcome(PUBLISH);
  return (input: PublishModelInput): Promise<Published> => publish({ input });
}
