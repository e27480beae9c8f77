import { useReadQuery } from "@apollo/client/react";
import { useState } from "react";
import { type LoaderFunctionArgs, useLoaderData, useNavigate } from "react-router";
import { preload } from "../../../api/apollo";
import { graphql } from "../../../gql";
import { NotFound } from "../../../shell/RouteError";
import { useViewer } from "../../../shell/viewer";
import { Page } from "../../../ui/Page";
import { BegunNotice } from "./BegunNotice";
import { type Chosen, choose } from "./chosen";
import { FileForm, type FileReading } from "./FileForm";
import { FilePick } from "./FilePick";
import { useAppend } from "./useAppend";

const DATASET = graphql(`
  query DatasetToAppend($id: ID!) {
    dataset(id: $id) { id name }
  }
`);

export function loader({ params }: LoaderFunctionArgs) {
  return preload(DATASET, { variables: { id: params.id ?? "" } });
}

/** More rows for a data set, out of a file; they make its next version. */
export function Component() {
  const { dataset } = useReadQuery(useLoaderData<typeof loader>()).data;
  const viewer = useViewer();
  const navigate = useNavigate();
  const append = useAppend();
  const [chosen, setChosen] = useState<Chosen>();
  if (!dataset) return <NotFound />;
  const { id, name } = dataset;

  async function add(uploadId: string, reading: FileReading) {
    const refusal = await append({ datasetId: id, uploadId, ...reading });
    if (refusal) return refusal;
    chosen?.upload.forget();
    navigate(`/datasets/${id}`);
    return undefined;
  }

  return (
    <Page title={`Append to ${name}`} summary="Its rows stay; those of the file come behind them.">
      {chosen ? (
        <FileForm
          key={chosen.file.name}
          chosen={chosen}
          action="Append the rows"
          onClear={() => setChosen(undefined)}
          onUploaded={add}
        />
      ) : (
        <>
          <BegunNotice />
          <FilePick onFile={(file) => setChosen(choose(file, viewer.id))} />
        </>
      )}
    </Page>
  );
}
