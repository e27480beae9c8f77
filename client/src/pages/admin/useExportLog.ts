import { useOutcome } from "../../api/useOutcome";
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
  const exportLog = useOutcome(EXPORT);
  return (input: ExportAuditLogInput) => exportLog({ input });
}
