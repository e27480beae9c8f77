import { useMutation } from "@apollo/client/react";
import { problemOf, refusalOf } from "../../../api/problems";
import { graphql } from "../../../gql";
import type { PublishModelMutation } from "../../../gql/graphql";

const PUBLISH = graphql(`
  mutation PublishModel($input: PublishModelInput!) {
    publishModel(input: $input) {
      model { id revision publishedVersion { id number } }
      effect { ...Effect_effect @unmask }
      userErrors { message code path }
    }
  }
`);

type Effect = NonNullable<PublishModelMutation["publishModel"]["effect"]>;

export interface Published {
  effect?: Effect | null | undefined;
  refusal?: string | undefined;
}

interface Publication {
  modelId: string;
  versionId: string;
  expectedVersion: number;
  force: boolean;
  dryRun: boolean;
}

/** Publishes a version, or tells what that would change. */
export function usePublish() {
  const [publish] = useMutation(PUBLISH);
  return async (input: Publication): Promise<Published> => {
    try {
      const { data } = await publish({ variables: { input } });
      return { effect: data?.publishModel.effect, refusal: refusalOf(data?.publishModel) };
    } catch (error) {
      return { refusal: problemOf(error) };
    }
  };
}
