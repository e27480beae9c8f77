import { useOutletContext } from "react-router";
import type { JobKind, VersionStatus } from "../../gql/graphql";

/** What the parts of a data set's page know of where they are. */
export interface DatasetPlace {
  datasetId: string;
  /** The version that is looked at; READY or REJECTED. */
  version: { id: string; number: number; status: VersionStatus };
  /** All of them, newest first. */
  versions: readonly { id: string; number: number; status: VersionStatus; rows: number }[];
  /** Kinds of the jobs that are at work on the data set. */
  goingOn: readonly JobKind[];
}

export const useDatasetPlace = () => useOutletContext<DatasetPlace>();
