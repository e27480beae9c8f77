import type { FragmentType } from "@apollo/client/masking";
import { useSuspenseFragment } from "@apollo/client/react";
import { Pencil } from "lucide-react";
import { useState } from "react";
import { graphql } from "../../gql";
import type { ModelDescription_ModelFragment } from "../../gql/graphql";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Field, TextArea } from "../../ui/Field";
import { useMayChange } from "./useMayChange";
import { useUpdateModel } from "./useUpdateModel";

const DESCRIPTION = graphql(`
  fragment ModelDescription_model on Model {
    id
    description
    revision
    owner { id }
  }
`);

/** What a model is for, in its owner's words. */
export function ModelDescription({
  model: from,
}: {
  model: FragmentType<ModelDescription_ModelFragment>;
}) {
  const { data: model } = useSuspenseFragment({ fragment: DESCRIPTION, from });
  const mayChange = useMayChange(model.owner?.id);
  const [isOpen, setOpen] = useState(false);
  const [text, setText] = useState("");
  const [problem, setProblem] = useState("");
  const update = useUpdateModel();

  function open(next: boolean) {
    setText(model.description);
    setProblem("");
    setOpen(next);
  }

  async function save() {
    const refused = await update(model.id, text, model.revision);
    setProblem(refused ?? "");
    setOpen(refused !== undefined);
  }

  return (
    <span className="flex flex-wrap items-center gap-2">
      {model.description || "No description."}
      {mayChange && (
        <Dialog
          title="What is it for?"
          open={isOpen}
          onOpenChange={open}
          trigger={
            <Button look="quiet" aria-label="Change the description" className="px-1.5">
              <Pencil aria-hidden="true" className="size-4" />
            </Button>
          }
        >
          <Field label="Description" problem={problem || undefined}>
            <TextArea
              rows={4}
              value={text}
              onChange={(event) => setText(event.currentTarget.value)}
            />
          </Field>
          <Button look="primary" className="self-end" onClick={save}>
            Save
          </Button>
        </Dialog>
      )}
    </span>
  );
}
