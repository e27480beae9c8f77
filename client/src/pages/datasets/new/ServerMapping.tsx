import { Field, Input } from "../../../ui/Field";
import type { ServerHead } from "../reading/head";
import type { Mapping } from "../reading/mapping";

interface ServerMappingProps {
  head: ServerHead;
  mapping: Mapping;
  onMapping: (mapping: Mapping) => void;
}

/** For files that the server alone reads: what it will do, and what may be told it. */
export function ServerMapping({ head, mapping, onMapping }: ServerMappingProps) {
  const isSequences = head.format === "FASTA" || head.format === "FASTQ";
  const input = (part: keyof Mapping) => (
    <Input
      value={mapping[part] ?? ""}
      onChange={({ target }) => onMapping({ ...mapping, [part]: target.value || null })}
    />
  );
  return (
    <div className="flex flex-col gap-3">
      <p>{head.says}</p>
      <div className="grid gap-3 sm:grid-cols-3">
        {!isSequences && (
          <Field label="Column of the texts" hint="Empty: the server proposes one.">
            {input("text")}
          </Field>
        )}
        <Field
          label={isSequences ? "Rank of the labels" : "Column of the labels"}
          hint={isSequences ? "Such as genus or species." : "Empty: the server proposes one."}
        >
          {input("label")}
        </Field>
      </div>
    </div>
  );
}
