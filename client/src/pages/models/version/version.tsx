import { useReadQuery } from "@apollo/client/react";
import { Suspense } from "react";
import { Link, type LoaderFunctionArgs, Outlet, useLoaderData } from "react-router";
import { preload } from "../../../api/apollo";
import { graphql } from "../../../gql";
import { NotFound } from "../../../shell/RouteError";
import { Badge } from "../../../ui/Badge";
import { LinkTabs } from "../../../ui/LinkTabs";
import { Page } from "../../../ui/Page";
import { Loading } from "../../../ui/States";
import { VersionActions } from "./VersionActions";

const VERSION = graphql(`
  query ModelVersion($id: ID!) {
    modelVersion(id: $id) {
      id
      number
      isPublished
      model { id name }
      datasetVersion { id number dataset { id name } }
      ...VersionActions_version
    }
  }
`);

const TABS = [
  { path: "", name: "Report" },
  { path: "/confusion", name: "Confusion matrix" },
  { path: "/promise", name: "Promise" },
  { path: "/drift", name: "Drift" },
  { path: "/card", name: "Card" },
  { path: "/lineage", name: "Lineage" },
] as const;

export function loader({ params }: LoaderFunctionArgs) {
  return preload(VERSION, { variables: { id: params["version"] ?? "" } });
}

export function Component() {
  const { modelVersion: version } = useReadQuery(useLoaderData<typeof loader>()).data;
  if (!version?.model) return <NotFound />;
  const { id, number, model, datasetVersion } = version;
  const here = `/models/${model.id}/versions/${id}`;
  return (
    <Page
      title={`${model.name}, version ${number}`}
      mark={version.isPublished && <Badge tone="good">answers</Badge>}
      summary={
        <>
          A version of{" "}
          <Link to={`/models/${model.id}`} className="text-accent underline">
            {model.name}
          </Link>
          {datasetVersion?.dataset && (
            <>
              , learnt from{" "}
              <Link to={`/datasets/${datasetVersion.dataset.id}`} className="text-accent underline">
                {datasetVersion.dataset.name}
              </Link>
              , version {datasetVersion.number}
            </>
          )}
        </>
      }
      actions={<VersionActions version={version} />}
    >
      <LinkTabs
        label="Parts of this version"
        tabs={TABS.map(({ path, name }) => ({ to: `${here}${path}`, name }))}
      />
      <Suspense fallback={<Loading />}>
        <Outlet />
      </Suspense>
    </Page>
  );
}
