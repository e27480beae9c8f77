import { useState } from "react";
import type { DataFormat } from "../../../gql/graphql";
import { Field } from "../../../ui/Field";
import { Select } from "../../../ui/Select";
import { DELIMITERS, delimiterChoice } from "../reading/delimiters";

const FORMATS: readonly { value: DataFormat | ""; label: string }[] = [
  { value: "", label: "Recognised" },
  { value: "CSV", label: "CSV, TSV" },
  { value: "JSONL", label: "JSON lines" },
  { value: "TEXT", label: "One text a line" },
  { value: "PARQUET", label: "Parquet" },
  { value: "FASTA", label: "FASTA" },
  { value: "FASTQ", label: "FASTQ" },
];

interface ReadAsProps {
  format: DataFormat | null;
  delimiter: string | null;
}

/** As what a file is to be read: two fields of the form around it. */
export function ReadAs({ format, delimiter }: ReadAsProps) {
  const [asFormat, setFormat] = useState<DataFormat | "">(format ?? "");
  const [by, setBy] = useState(delimiterChoice(delimiter));
  return (
    <>
      <Field label="Format">
        <Select label="Format" choices={FORMATS} value={asFormat} onChange={setFormat} />
        <input type="hidden" name="format" value={asFormat} />
      </Field>
      <Field label="Separator">
        <Select label="Separator" choices={DELIMITERS} value={by} onChange={setBy} />
        <input type="hidden" name="delimiter" value={by} />
      </Field>
    </>
  );
}
