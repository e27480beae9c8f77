import type { FragmentType } from "@apollo/client/masking";
import { useSuspenseFragment } from "@apollo/client/react";
import { Pencil } from "lucide-react";
import { graphql } from "../../gql";
import type { ModelDescription_ModelFragment } from "../../gql/graphql";
import { Button } from "../../ui/Button";
import { Field, TextArea } from "../../ui/Field";
import { FormDialog } from "../../ui/FormDialog";
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
  const update = useUpdateModel();
  return (
    <span className="flex flex-wrap items-center gap-2">
      {model.description || "No description."}
      {mayChange && (
        <FormDialog
          title="What is it for?"
          trigger={
            <Button look="quiet" aria-label="Change the description" className="px-1.5">
              <Pencil aria-hidden="true" className="size-4" />
            </Button>
          }
          action="Save"
          send={(form) =>
            update({
              id: model.id,
              description: String(form.get("description")),
              expectedVersion: model.revision,
            })
          }
        >
          {(problemAt) => (
            <Field label="Description" problem={problemAt("description")}>
              <TextArea name="description" rows={4} defaultValue={model.description} />
            </Field>
          )}
        </FormDialog>
      )}
    </span>
  );
}
