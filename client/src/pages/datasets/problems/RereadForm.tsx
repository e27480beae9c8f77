import type { FragmentType } from "@apollo/client/masking";
import { useSuspenseFragment } from "@apollo/client/react";
import { useActionState } from "react";
import { useNavigate } from "react-router";
import { graphql } from "../../../gql";
import type { DataFormat, RereadForm_VersionFragment } from "../../../gql/graphql";
import { Button } from "../../../ui/Button";
import { Card } from "../../../ui/Card";
import { Field, Input } from "../../../ui/Field";
import { Problem } from "../../../ui/Problem";
import { useDatasetPlace } from "../place";
import { ReadAs } from "./ReadAs";
import { useReread } from "./useReread";

const VERSION = graphql(`
  fragment RereadForm_version on DatasetVersion {
    id
    source { format encoding delimiter }
    columns { text label split }
  }
`);

const said = (form: FormData, name: string) => String(form.get(name) ?? "").trim() || null;

/** The same file read in another way, into a new version. */
export function RereadForm({
  version: from,
}: {
  version: FragmentType<RereadForm_VersionFragment>;
}) {
  const { id, source, columns } = useSuspenseFragment({ fragment: VERSION, from }).data;
  const { datasetId } = useDatasetPlace();
  const reread = useReread();
  const navigate = useNavigate();

  const [problem, submit, isPending] = useActionState(async (_: string, form: FormData) => {
    const refusal = await reread({
      versionId: id,
      // the choices of the select are the API's formats, and nothing for "recognised"
      format: said(form, "format") as DataFormat | null,
      encoding: said(form, "encoding"),
      delimiter: String(form.get("delimiter") ?? "") || null,
      columns: { text: said(form, "text"), label: said(form, "label"), split: said(form, "split") },
    });
    if (!refusal) navigate(`/datasets/${datasetId}`);
    return refusal ?? "";
  }, "");

  const input = (name: string, value: string | null) => (
    <Input name={name} defaultValue={value ?? ""} />
  );
  return (
    <Card title="Read the file again, in another way">
      <p className="mb-3 text-soft">What is left empty is recognised by the server.</p>
      <form action={submit} className="flex flex-col gap-3">
        <div className="grid gap-3 sm:grid-cols-2 lg:grid-cols-3">
          <ReadAs format={source.format} delimiter={source.delimiter} />
          <Field label="Encoding" hint="Such as cp1251.">
            {input("encoding", source.encoding)}
          </Field>
          <Field label="Column of the texts">{input("text", columns.text)}</Field>
          <Field label="Column of the labels">{input("label", columns.label)}</Field>
          <Field label="Column of the split">{input("split", columns.split)}</Field>
        </div>
        <Problem>{problem}</Problem>
        <Button type="submit" className="self-start" disabled={isPending}>
          Read it again
        </Button>
      </form>
    </Card>
  );
}
