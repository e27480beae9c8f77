import { Field } from "../../../ui/Field";
import { Select } from "../../../ui/Select";
import { DELIMITERS, delimiterChoice } from "../reading/delimiters";
import type { TableHead } from "../reading/head";
import type { Mapping } from "../reading/mapping";
import { checked } from "../reading/mapping";
import { HeadTable } from "./HeadTable";
import { MappingChecks } from "./MappingChecks";

const PARTS = [
  ["text", "Text", "What is to be classified."],
  ["label", "Label", "The answer to learn."],
  ["split", "Split", "Says train or test."],
] as const;

interface ColumnMappingProps {
  head: TableHead;
  mapping: Mapping;
  onMapping: (mapping: Mapping) => void;
  delimiter: string;
  onDelimiter: (delimiter: string) => void;
}

/** Which columns mean what, beside the first rows, with what they say against the choice. */
export function ColumnMapping(props: ColumnMappingProps) {
  const { head, mapping, onMapping, delimiter, onDelimiter } = props;
  const columns = head.columns.map((name) => ({ value: name, label: name }));
  const none = { value: "", label: "None" };
  return (
    <div className="flex flex-col gap-3">
      <div className="grid gap-3 sm:grid-cols-2 lg:grid-cols-4">
        {PARTS.map(([part, label, hint]) => (
          <Field key={part} label={label} hint={hint}>
            <Select
              label={label}
              choices={[...(part === "text" ? [] : [none]), ...columns]}
              value={mapping[part] ?? ""}
              onChange={(column) => onMapping({ ...mapping, [part]: column || null })}
            />
          </Field>
        ))}
        {head.format === "CSV" && (
          <Field label="Separator" hint="Between the values of a line.">
            <Select
              label="Separator"
              choices={DELIMITERS}
              value={delimiterChoice(delimiter)}
              onChange={onDelimiter}
            />
          </Field>
        )}
      </div>
      <MappingChecks checks={checked(head, mapping)} />
      <HeadTable head={head} mapping={mapping} />
    </div>
  );
}
