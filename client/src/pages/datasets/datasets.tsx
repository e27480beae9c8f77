import { useQueryRefHandlers, useReadQuery } from "@apollo/client/react";
import { Plus } from "lucide-react";
import { type LoaderFunctionArgs, useLoaderData, useSearchParams } from "react-router";
import { preload } from "../../api/apollo";
import { graphql } from "../../gql";
import type { DataKind } from "../../gql/graphql";
import { useViewer } from "../../shell/viewer";
import { ButtonLink } from "../../ui/Button";
import { LiveBadge } from "../../ui/LiveBadge";
import { More } from "../../ui/More";
import { Page } from "../../ui/Page";
import { Empty } from "../../ui/States";
import { Table, Th } from "../../ui/Table";
import { counted } from "../../ui/words";
import { GuideLink } from "../welcome/GuideLink";
import { DatasetFilters } from "./DatasetFilters";
import { DatasetRow } from "./DatasetRow";
import { DatasetsFeed } from "./DatasetsFeed";

const DATASETS = graphql(`
  query Datasets($filter: DatasetFilter, $after: String) {
    datasets(first: 50, after: $after, filter: $filter) {
      totalCount
      pageInfo { hasNextPage endCursor }
      nodes { id ...DatasetRow_dataset }
    }
  }
`);

export function loader({ request }: LoaderFunctionArgs) {
  const asked = new URL(request.url).searchParams;
  const kind = asked.get("kind") as DataKind | null;
  return preload(DATASETS, { variables: { filter: { kind, nameContains: asked.get("name") } } });
}

export function Component() {
  const datasets = useLoaderData<typeof loader>();
  // before useReadQuery: else what was fetched anew is not read until the next change
  const { fetchMore, refetch } = useQueryRefHandlers(datasets);
  const { data } = useReadQuery(datasets);
  const { role } = useViewer();
  const [search] = useSearchParams();
  const { nodes, pageInfo, totalCount } = data.datasets;
  const isFiltered = search.has("name") || search.has("kind");
  return (
    <Page
      title="Data sets"
      mark={role === "ADMIN" && <LiveBadge feed="data sets" />}
      summary={`${counted(totalCount, "data set")}, newest first`}
      actions={
        <ButtonLink look="primary" to="/datasets/new">
          <Plus aria-hidden="true" className="size-4" /> New data set
        </ButtonLink>
      }
    >
      <DatasetsFeed onTurn={() => refetch()} />
      <DatasetFilters />
      {nodes.length > 0 && (
        <Table label="Data sets">
          <thead>
            <tr>
              <Th>Name</Th>
              <Th>State</Th>
              <Th>Kind</Th>
              <Th kind="number">Rows</Th>
              <Th kind="number">Labels</Th>
              <Th kind="number">Versions</Th>
              <Th>Owner</Th>
              <Th>Changed</Th>
            </tr>
          </thead>
          <tbody>
            {nodes.map((dataset) => (
              <DatasetRow key={dataset.id} dataset={dataset} />
            ))}
          </tbody>
        </Table>
      )}
      {nodes.length === 0 && (isFiltered ? <NoneSuch /> : <NoneYet />)}
      <More pageInfo={pageInfo} onMore={(after) => fetchMore({ variables: { after } })} />
    </Page>
  );
}

function NoneSuch() {
  return (
    <Empty title="No data set fits" action={<ButtonLink to="/datasets">Show all</ButtonLink>}>
      Try another part of the name, or another kind.
    </Empty>
  );
}

function NoneYet() {
  return (
    <Empty
      title="No data sets yet"
      action={
        <span className="flex flex-wrap justify-center gap-2">
          <ButtonLink look="primary" to="/datasets/new">
            Bring in the first
          </ButtonLink>
          <GuideLink />
        </span>
      }
    >
      Everything begins with rows of text or sequences: drop a file, paste a few lines, or take the
      sample data.
    </Empty>
  );
}
