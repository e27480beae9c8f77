import { useApolloClient } from "@apollo/client/react";
import { graphql } from "../../../gql";
import { Button } from "../../../ui/Button";
import { complain } from "../../../ui/toast";

const URL_OF = graphql(`
  query DownloadUrl($id: ID!) {
    node(id: $id) { __typename id ... on DatasetVersion { downloadUrl } }
  }
`);

/** The raw file. Its address holds for minutes only, so it is asked for when it is wanted. */
export function DownloadFile({ versionId }: { versionId: string }) {
  const client = useApolloClient();

  async function download() {
    try {
      const variables = { id: versionId };
      const { data } = await client.query({ query: URL_OF, variables, fetchPolicy: "no-cache" });
      if (data?.node?.__typename === "DatasetVersion") location.assign(data.node.downloadUrl);
    } catch (error) {
      complain(error);
    }
  }

  return <Button onClick={download}>Download</Button>;
}
