import { useQueryRefHandlers, useReadQuery } from "@apollo/client/react";
import {
  type LoaderFunctionArgs,
  type ShouldRevalidateFunctionArgs,
  useLoaderData,
  useSearchParams,
} from "react-router";
import { preload } from "../../api/apollo";
import { graphql } from "../../gql";
import { ButtonLink } from "../../ui/Button";
import { More } from "../../ui/More";
import { Page } from "../../ui/Page";
import { Empty } from "../../ui/States";
import { counted } from "../../ui/words";
import { AuditFilters } from "./AuditFilters";
import { AuditTable } from "./AuditTable";
import { filterOf, isFiltered, onlyOpened } from "./auditFilter";
import { ExportLog } from "./ExportLog";
import { VerifyLog } from "./VerifyLog";

const AUDIT = graphql(`
  query Audit($filter: AuditFilter, $after: String) {
    auditLog(first: 50, after: $after, filter: $filter) {
      totalCount
      pageInfo { hasNextPage endCursor }
      nodes { id ...AuditRow_entry }
    }
    users(first: 100) { nodes { id name email } }
  }
`);

export function loader({ request }: LoaderFunctionArgs) {
  const filter = filterOf(new URL(request.url).searchParams);
  return preload(AUDIT, { variables: { filter }, fetchPolicy: "network-only" });
}

/** An entry that is opened or closed was there before: nothing is asked anew for it. */
export const shouldRevalidate = (args: ShouldRevalidateFunctionArgs): boolean =>
  args.defaultShouldRevalidate && !onlyOpened(args.currentUrl, args.nextUrl);

export function Component() {
  const audit = useLoaderData<typeof loader>();
  const { fetchMore } = useQueryRefHandlers(audit);
  const { auditLog, users } = useReadQuery(audit).data;
  const [search] = useSearchParams();
  const { nodes, pageInfo, totalCount } = auditLog;
  return (
    <Page
      title="Audit log"
      summary={`${counted(totalCount, "entry", "entries")}: every mutation that was tried, newest first`}
      actions={
        <>
          <VerifyLog />
          <ExportLog filter={filterOf(search)} />
        </>
      }
    >
      <AuditFilters
        users={users.nodes.map(({ id, name, email }) => ({
          value: id,
          label: `${name} (${email})`,
        }))}
      />
      {nodes.length > 0 && <AuditTable entries={nodes} />}
      {nodes.length === 0 && (
        <Empty
          title="No entry fits"
          action={isFiltered(search) && <ButtonLink to="/admin/audit">Show all</ButtonLink>}
        >
          Entries are made of everything that somebody changes, or tries to.
        </Empty>
      )}
      <More pageInfo={pageInfo} onMore={(after) => fetchMore({ variables: { after } })} />
    </Page>
  );
}
