import { useReadQuery } from "@apollo/client/react";
import { useState } from "react";
import { useLoaderData, useNavigate, useSearchParams } from "react-router";
import { preload } from "../../api/apollo";
import { graphql } from "../../gql";
import { useViewer } from "../../shell/viewer";
import { Page } from "../../ui/Page";
import { Tabs } from "../../ui/Tabs";
import { type Chosen, choose } from "../datasets/new/chosen";
import { FilePick } from "../datasets/new/FilePick";
import { NoModels } from "../playground/NoModels";
import { Answering, type AnswerWish, FIRST_WISH } from "./Answering";
import { BulkFileForm } from "./BulkFileForm";
import { FromDataset } from "./FromDataset";
import { type BulkRows, usePredictInBulk } from "./usePredictInBulk";

const NEW_BULK = graphql(`
  query NewBulk {
    models(first: 100, filter: { published: true }) {
      nodes { id name }
    }
    ...FromDataset_query
  }
`);

export function loader() {
  return preload(NEW_BULK);
}

/** A file in, or a data set that is there; all of it is answered. */
export function Component() {
  const { data } = useReadQuery(useLoaderData() as ReturnType<typeof loader>);
  const [search] = useSearchParams();
  const models = data.models.nodes.map(({ name }) => name);
  const [wish, setWish] = useState<AnswerWish>({
    ...FIRST_WISH,
    model: search.get("model") ?? models[0] ?? "",
  });
  const [chosen, setChosen] = useState<Chosen>();
  const { id: owner } = useViewer();
  const navigate = useNavigate();
  const predict = usePredictInBulk();
  if (models.length === 0) return <NoModels title="New file of answers" />;

  async function begin(rows: BulkRows): Promise<string | undefined> {
    const { done, refusal } = await predict(wish, rows);
    const id = done?.job?.bulkResult?.id;
    if (!id) return refusal ?? "Nothing was begun.";
    chosen?.upload.forget();
    navigate(`/bulk/${id}`);
    return undefined;
  }

  const file = chosen ? (
    <BulkFileForm
      key={chosen.file.name}
      chosen={chosen}
      onClear={() => setChosen(undefined)}
      onUploaded={begin}
    />
  ) : (
    <FilePick onFile={(picked) => setChosen(choose(picked, owner))} />
  );
  return (
    <Page
      title="New file of answers"
      summary="Every row gets its answer; they come back as a file."
    >
      <Answering models={models} wish={wish} onWish={setWish} />
      <Tabs
        label="Where the rows come from"
        tabs={[
          { name: "A file", panel: file },
          { name: "A data set", panel: <FromDataset query={data} onBegin={begin} /> },
        ]}
      />
    </Page>
  );
}
