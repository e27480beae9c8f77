import { useMutation } from "@apollo/client/react";
import { outcomeOf } from "../../api/outcome";
import { graphql } from "../../gql";
import type { ExportAuditLogInput } from "../../gql/graphql";

const EXPORT = graphql(`
  mutation ExportLog($input: ExportAuditLogInput!) {
    exportAuditLog(input: $input) {
      url
      userErrors { message code path }
    }
  }
`);

/** Where the file is, for ten minutes. */
export function useExportLog() {
  const [exportLog] = useMutation(EXPORT);
  return (input: ExportAuditLogInput) =>
    outcomeOf(async () => (await exportLog({ variables: { input } })).data?.exportAuditLog);
}
