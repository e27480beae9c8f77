import { useState } from "react";
import { useNavigate } from "react-router";
import { useViewer } from "../../../shell/viewer";
import { Field, Input } from "../../../ui/Field";
import { Page } from "../../../ui/Page";
import { BegunNotice } from "./BegunNotice";
import { type Chosen, choose } from "./chosen";
import { FileForm, type FileReading } from "./FileForm";
import { FilePick } from "./FilePick";
import { PasteRows } from "./PasteRows";
import { SampleCard } from "./SampleCard";
import { useCreateDataset } from "./useCreateDataset";

/** A new data set: out of a file, a few pasted rows, or the sample. */
export function Component() {
  const viewer = useViewer();
  const navigate = useNavigate();
  const create = useCreateDataset();
  const [chosen, setChosen] = useState<Chosen>();
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");

  const show = (id: string) => navigate(`/datasets/${id}`);

  function take(file: File) {
    setChosen(choose(file, viewer.id));
    setName(file.name.replace(/(\.\w{1,8}){1,2}$/, ""));
  }

  async function make(uploadId: string, reading: FileReading) {
    const { id, refusal } = await create({ name, description, uploadId, ...reading });
    if (!id) return refusal; // the upload stays: nothing is sent again when more is mended
    chosen?.upload.forget();
    show(id);
    return undefined;
  }

  return (
    <Page title="New data set" summary="Rows of text or sequences, with or without labels.">
      {chosen ? (
        <FileForm
          key={chosen.file.name}
          chosen={chosen}
          action="Create the data set"
          onClear={() => setChosen(undefined)}
          onUploaded={make}
        >
          <div className="grid gap-3 sm:grid-cols-2">
            <Field label="Name">
              <Input
                value={name}
                required
                maxLength={200}
                onChange={({ target }) => setName(target.value)}
              />
            </Field>
            <Field label="Description" hint="What it is about.">
              <Input value={description} onChange={({ target }) => setDescription(target.value)} />
            </Field>
          </div>
        </FileForm>
      ) : (
        <>
          <BegunNotice />
          <FilePick onFile={take} />
          <div className="grid gap-4 lg:grid-cols-2">
            <PasteRows onMade={show} />
            <SampleCard onMade={show} />
          </div>
        </>
      )}
    </Page>
  );
}
