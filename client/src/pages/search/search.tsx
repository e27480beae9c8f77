import { useReadQuery } from "@apollo/client/react";
import {
  type LoaderFunctionArgs,
  Navigate,
  type ShouldRevalidateFunctionArgs,
  useLoaderData,
  useSearchParams,
} from "react-router";
import { preload } from "../../api/apollo";
import { graphql } from "../../gql";
import { ButtonLink } from "../../ui/Button";
import { Combobox } from "../../ui/Combobox";
import { Page } from "../../ui/Page";
import { Empty } from "../../ui/States";
import { Finder } from "./Finder";

const SEARCH_PAGE = graphql(`
  query SearchPage($id: ID!, $isChosen: Boolean!) {
    datasets(first: 100) {
      nodes { id name }
    }
    dataset(id: $id) @include(if: $isChosen) {
      id
      name
      ...Finder_dataset
    }
  }
`);

export function loader({ request }: LoaderFunctionArgs) {
  const id = new URL(request.url).searchParams.get("dataset");
  return preload(SEARCH_PAGE, { variables: { id: id ?? "", isChosen: id !== null } });
}

/** What is typed goes into the address as well; only another data set needs another page. */
export function shouldRevalidate({ currentUrl, nextUrl }: ShouldRevalidateFunctionArgs) {
  return currentUrl.searchParams.get("dataset") !== nextUrl.searchParams.get("dataset");
}

export function Component() {
  const { datasets, dataset } = useReadQuery(useLoaderData<typeof loader>()).data;
  const [search, setSearch] = useSearchParams();
  const id = search.get("dataset");
  const first = datasets.nodes[0];
  if (!first) return <NoDatasets />;
  if (id === null) return <Navigate replace to={`?dataset=${first.id}`} />;
  return (
    <Page
      title="Search"
      summary="Rows of a data set by what they mean, by their words, or by both."
      actions={
        <div className="w-72 max-w-full">
          <Combobox
            label="Data set"
            choices={datasets.nodes.map((each) => ({ value: each.id, label: each.name }))}
            value={id}
            onChange={(dataset) => dataset && setSearch({ dataset, q: search.get("q") ?? "" })}
          />
        </div>
      }
    >
      {dataset ? (
        <Finder key={dataset.id} dataset={dataset} />
      ) : (
        <Empty title="There is no such data set">
          It was deleted, or is not for you to see. Choose another one above.
        </Empty>
      )}
    </Page>
  );
}

function NoDatasets() {
  return (
    <Page title="Search">
      <Empty
        title="No data sets yet"
        action={
          <ButtonLink look="primary" to="/datasets/new">
            Bring in the first
          </ButtonLink>
        }
      >
        Once there are rows, they can be searched by what they mean.
      </Empty>
    </Page>
  );
}
