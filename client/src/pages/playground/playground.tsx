import { useReadQuery } from "@apollo/client/react";
import { type LoaderFunctionArgs, Navigate, useLoaderData, useSearchParams } from "react-router";
import { preload } from "../../api/apollo";
import { graphql } from "../../gql";
import { Combobox } from "../../ui/Combobox";
import { Page } from "../../ui/Page";
import { Empty } from "../../ui/States";
import { Desk } from "./Desk";
import { NoModels } from "./NoModels";

const PLAYGROUND = graphql(`
  query Playground($name: String, $isChosen: Boolean!) {
    models(first: 100, filter: { published: true }) {
      nodes { id name }
    }
    model(name: $name) @include(if: $isChosen) {
      id
      name
      description
      publishedVersion { id ...Desk_version }
    }
  }
`);

export function loader({ request }: LoaderFunctionArgs) {
  const name = new URL(request.url).searchParams.get("model");
  return preload(PLAYGROUND, { variables: { name, isChosen: name !== null } });
}

export function Component() {
  const { models, model } = useReadQuery(useLoaderData<typeof loader>()).data;
  const [search, setSearch] = useSearchParams();
  const name = search.get("model");
  const first = models.nodes[0];
  if (!first) return <NoModels title="Playground" />;
  if (name === null) return <Navigate replace to={`?model=${encodeURIComponent(first.name)}`} />;
  const version = model?.publishedVersion;
  return (
    <Page
      title="Playground"
      summary={model?.description || "Ask a model about texts, and see why it answers as it does."}
      actions={
        <div className="w-72 max-w-full">
          <Combobox
            label="Model"
            choices={models.nodes.map((each) => ({ value: each.name, label: each.name }))}
            value={name}
            onChange={(model) => model && setSearch({ model })}
          />
        </div>
      }
    >
      {model && version ? (
        <Desk key={version.id} model={model.name} version={version} />
      ) : (
        <Empty title={`No published model is called ${name}`}>
          It was renamed, withdrawn or deleted. Choose another one above.
        </Empty>
      )}
    </Page>
  );
}
