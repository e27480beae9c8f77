import { useApolloClient } from "@apollo/client/react";
import { graphql } from "../../gql";
import { MOST, type Part } from "./verifying";

const VERIFY = graphql(`
  query VerifyLog($afterNumber: BigInt, $most: Int!) {
    verifyAuditLog(afterNumber: $afterNumber, most: $most) {
      checked
      last { id number hash }
      brokenAt
      why
    }
  }
`);

/** Looks at the entries behind a number, as many as one look may. */
export function useVerifyLog() {
  const client = useApolloClient();
  return async (afterNumber: number | null): Promise<Part> => {
    const variables = { afterNumber, most: MOST };
    const { data } = await client.query({ query: VERIFY, variables, fetchPolicy: "no-cache" });
    if (!data) throw new Error("The server did not answer.");
    return data.verifyAuditLog;
  };
}
