import { useKey } from "../../api/useKey";
import { useOutcome } from "../../api/useOutcome";
import { graphql } from "../../gql";

const PURGE = graphql(`
  mutation Purge($id: ID!, $dryRun: Boolean!, $revision: Int!, $key: String) {
    purge(
      input: { id: $id, dryRun: $dryRun, expectedVersion: $revision, idempotencyKey: $key }
    ) {
      job { id }
      effect {
        bytes
        objects
        versions
        jobs
        models { id name }
        modelVersions
        predictions
      }
      userErrors { message code path }
    }
  }
`);

interface Trashed {
  id: string;
  revision: number;
}

/** Deletes something for good, or tells what that would take along. */
export function usePurge() {
  const purge = useOutcome(PURGE);
  const keyOf = useKey();
  return ({ id, revision }: Trashed, dryRun: boolean) => {
    const key = dryRun ? null : keyOf([id, revision]);
    return purge({ id, dryRun, revision, key });
  };
}
