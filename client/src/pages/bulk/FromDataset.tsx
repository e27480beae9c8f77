import type { FragmentType } from "@apollo/client/masking";
import { useSuspenseFragment } from "@apollo/client/react";
import { useActionState, useState } from "react";
import { Link } from "react-router";
import { graphql } from "../../gql";
import type { FromDataset_QueryFragment } from "../../gql/graphql";
import { Button } from "../../ui/Button";
import { Combobox } from "../../ui/Combobox";
import { Field } from "../../ui/Field";
import { counted } from "../../ui/words";
import type { BulkRows } from "./usePredictInBulk";

const DATASETS = graphql(`
  fragment FromDataset_query on Query {
    datasets(first: 100) {
      nodes {
        id
        name
        versions(first: 20) { nodes { id number status rows } }
      }
    }
  }
`);

interface FromDatasetProps {
  query: FragmentType<FromDataset_QueryFragment>;
  /** May answer with what was refused. */
  onBegin: (rows: BulkRows) => Promise<string | undefined>;
}

/** A version of a data set that is there already. */
export function FromDataset({ query, onBegin }: FromDatasetProps) {
  const { data } = useSuspenseFragment({ fragment: DATASETS, from: query });
  const versions = data.datasets.nodes.flatMap(({ name, versions }) =>
    versions.nodes
      .filter(({ status }) => status === "READY")
      .map(({ id, number, rows }) => ({
        value: id,
        label: `${name}, version ${number}: ${counted(rows, "row")}`,
      })),
  );
  const [version, setVersion] = useState<string | null>(null);
  const [problem, begin, isPending] = useActionState(
    async () => (await onBegin({ datasetVersionId: version })) ?? "",
    "",
  );
  if (versions.length === 0) {
    return (
      <p>
        There is no data set yet.{" "}
        <Link to="/datasets/new" className="text-accent underline">
          Bring one in
        </Link>
        , or send a file.
      </p>
    );
  }
  return (
    <form action={begin} className="flex max-w-xl flex-col items-start gap-3">
      <div className="w-full">
        <Field label="Data set" problem={problem}>
          <Combobox
            placeholder="Type to find one"
            choices={versions}
            value={version}
            onChange={setVersion}
          />
        </Field>
      </div>
      <Button look="primary" type="submit" disabled={isPending || !version}>
        Answer all of it
      </Button>
    </form>
  );
}
