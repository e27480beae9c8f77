import { useSuspenseQuery } from "@apollo/client/react";
import { startTransition, useState } from "react";
import { graphql } from "../../gql";
import type { ClusterMapOfQuery } from "../../gql/graphql";
import { Empty } from "../../ui/States";
import { MapEngine } from "./engine";
import { MapBoard } from "./MapBoard";

const CLUSTER_MAP = graphql(`
  query ClusterMapOf($id: ID!) {
    modelVersion(id: $id) {
      id
      number
      labels
      clusterMap {
        revision
        pointCount
        bounds { minX minY maxX maxY }
        clusters {
          id
          name
          size
          keywords
          exemplars
          cohesion
          x
          y
          bounds { minX minY maxX maxY }
          numbers
          rowsUrls
        }
        groups: clusters(level: 1) { id name size x y }
        tiles { zoom x y count url textsUrl }
        edits { id kind at name clusters parts applies reason by { id name } }
      }
    }
  }
`);

export type Version = NonNullable<ClusterMapOfQuery["modelVersion"]>;
export type ClusterMap = NonNullable<Version["clusterMap"]>;
export type Cluster = ClusterMap["clusters"][number];

interface VersionMapProps {
  modelId: string;
  id: string;
}

/** Clusters may be edited by others, and addresses of tiles grow old: always read anew. */
export function VersionMap({ modelId, id }: VersionMapProps) {
  const { data, refetch } = useSuspenseQuery(CLUSTER_MAP, {
    variables: { id },
    fetchPolicy: "network-only",
  });
  const version = data.modelVersion;
  const map = version?.clusterMap;
  if (!version || !map) {
    return (
      <Empty title="This version has no map">
        Versions made before maps were kept, and bundles brought from elsewhere, have none. Train
        the model again to get one.
      </Empty>
    );
  }
  const again = () => startTransition(() => void refetch());
  const tiles = async () => (await refetch()).data?.modelVersion?.clusterMap?.tiles ?? [];
  return <WithEngine modelId={modelId} version={version} map={map} again={again} tiles={tiles} />;
}

interface WithEngineProps {
  modelId: string;
  version: Version;
  map: ClusterMap;
  again: () => void;
  tiles: () => Promise<ClusterMap["tiles"]>;
}

/** The engine is made once; edits change its clusters, not its points. */
function WithEngine({ tiles, ...rest }: WithEngineProps) {
  const { version, map } = rest;
  const [engine] = useState(() => new MapEngine(map.bounds, version.labels, map.tiles, tiles));
  return <MapBoard engine={engine} {...rest} />;
}
