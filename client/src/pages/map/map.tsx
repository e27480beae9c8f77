import { useReadQuery } from "@apollo/client/react";
import { Suspense } from "react";
import {
  type LoaderFunctionArgs,
  type ShouldRevalidateFunctionArgs,
  useLoaderData,
  useSearchParams,
} from "react-router";
import { preload } from "../../api/apollo";
import { graphql } from "../../gql";
import { NotFound } from "../../shell/RouteError";
import { useViewer } from "../../shell/viewer";
import { ButtonLink } from "../../ui/Button";
import { LiveBadge } from "../../ui/LiveBadge";
import { Page } from "../../ui/Page";
import { Select } from "../../ui/Select";
import { Empty, Loading } from "../../ui/States";
import { VersionMap } from "./VersionMap";

const MODEL = graphql(`
  query MappedModel($id: ID!) {
    model(id: $id) {
      id
      name
      publishedVersion { id }
      versions(first: 50) { nodes { id number } }
    }
  }
`);

export function loader({ params }: LoaderFunctionArgs) {
  return preload(MODEL, { variables: { id: params.id ?? "" } });
}

/** Where one looks, and at what in which colours, is in the address and asks for nothing new. */
export function shouldRevalidate({ currentParams, nextParams }: ShouldRevalidateFunctionArgs) {
  return currentParams["id"] !== nextParams["id"];
}

export function Component() {
  const { model } = useReadQuery(useLoaderData<typeof loader>()).data;
  const [search, setSearch] = useSearchParams();
  const { role } = useViewer();
  if (!model) return <NotFound />;
  const versions = model.versions.nodes;
  const version = search.get("version") ?? model.publishedVersion?.id ?? versions[0]?.id;
  return (
    <Page
      title={`Map of ${model.name}`}
      mark={role === "ADMIN" && version && <LiveBadge feed="map" />}
      actions={
        version && (
          <>
            <div className="w-48">
              <Select
                label="Version"
                choices={versions.map(({ id, number }) => ({
                  value: id,
                  label: `Version ${number}${id === model.publishedVersion?.id ? ", published" : ""}`,
                }))}
                value={version}
                onChange={(next) => setSearch({ version: next })}
              />
            </div>
            <ButtonLink to={`/models/${model.id}/versions/${version}`}>Its report</ButtonLink>
          </>
        )
      }
    >
      {version ? (
        <Suspense key={version} fallback={<Loading lines={8} />}>
          <VersionMap modelId={model.id} id={version} />
        </Suspense>
      ) : (
        <Empty
          title="No version yet"
          action={<ButtonLink to={`/models/${model.id}`}>To the model</ButtonLink>}
        >
          A training leaves its map with the version that it makes.
        </Empty>
      )}
    </Page>
  );
}
