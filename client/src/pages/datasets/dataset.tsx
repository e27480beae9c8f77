import { useReadQuery } from "@apollo/client/react";
import { Suspense } from "react";
import { type LoaderFunctionArgs, Outlet, useLoaderData, useSearchParams } from "react-router";
import { preload } from "../../api/apollo";
import { graphql } from "../../gql";
import { NotFound } from "../../shell/RouteError";
import { LinkTabs } from "../../ui/LinkTabs";
import { LiveBadge } from "../../ui/LiveBadge";
import { Page } from "../../ui/Page";
import { Loading } from "../../ui/States";
import { DatasetActions } from "./DatasetActions";
import { DatasetFeed } from "./DatasetFeed";
import { DatasetJobs, goingOn } from "./DatasetJobs";
import type { DatasetPlace } from "./place";
import { RejectedNotice } from "./RejectedNotice";
import { VersionBadge } from "./VersionBadge";
import { VersionIngest } from "./VersionIngest";
import { VersionPick } from "./VersionPick";

const DATASET = graphql(`
  query Dataset($id: ID!) {
    dataset(id: $id) {
      id
      name
      description
      latestVersion { id }
      versions(first: 100) { nodes { id number status rows job { id } } }
      jobs(first: 20) { nodes { id kind status } }
      ...DatasetActions_dataset
    }
  }
`);

const TABS = [
  ["", "Preview"],
  ["/profile", "Profile"],
  ["/problems", "Problems"],
  ["/findings", "Findings"],
  ["/versions", "Versions"],
] as const;

export function loader({ params }: LoaderFunctionArgs) {
  return preload(DATASET, { variables: { id: params.id ?? "" } });
}

export function Component() {
  const { dataset } = useReadQuery(useLoaderData<typeof loader>()).data;
  const [search] = useSearchParams();
  if (!dataset) return <NotFound />;
  const versions = dataset.versions.nodes;
  const wanted = search.get("version") ?? dataset.latestVersion?.id;
  const version = versions.find(({ id }) => id === wanted) ?? versions[0];
  if (!version) return <NotFound />;
  const feed = `data set ${dataset.id}`;
  const query = search.has("version") ? `?version=${version.id}` : "";
  const isBeingRead = version.status === "UPLOADED";
  const work = goingOn(dataset.jobs.nodes);
  const place: DatasetPlace = {
    datasetId: dataset.id,
    version,
    versions,
    goingOn: work.map(({ kind }) => kind),
  };
  return (
    <Page
      title={dataset.name}
      mark={
        <>
          <VersionBadge status={version.status} />
          <LiveBadge feed={feed} />
        </>
      }
      summary={dataset.description}
      actions={<DatasetActions dataset={dataset} version={version} />}
    >
      <DatasetFeed id={dataset.id} feed={feed} />
      <VersionPick versions={versions} chosen={version.id} />
      <DatasetJobs jobs={work} />
      {version.status === "REJECTED" && <RejectedNotice datasetId={dataset.id} query={query} />}
      {isBeingRead && version.job && <VersionIngest jobId={version.job.id} />}
      {!isBeingRead && (
        <>
          <LinkTabs
            label="Parts of the data set"
            tabs={TABS.map(([path, name]) => ({
              to: `/datasets/${dataset.id}${path}${query}`,
              name,
            }))}
          />
          <Suspense fallback={<Loading />}>
            <Outlet key={version.id} context={place} />
          </Suspense>
        </>
      )}
    </Page>
  );
}
