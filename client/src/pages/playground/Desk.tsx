import type { FragmentType } from "@apollo/client/masking";
import { useSuspenseFragment } from "@apollo/client/react";
import { useMemo } from "react";
import { Link } from "react-router";
import { graphql } from "../../gql";
import type { Desk_VersionFragment } from "../../gql/graphql";
import { Card } from "../../ui/Card";
import { Checkbox } from "../../ui/Checkbox";
import { Field, TextArea } from "../../ui/Field";
import { useSettled } from "../../ui/useSettled";
import { count, counted } from "../../ui/words";
import { Answers } from "./Answers";
import { SameCall } from "./SameCall";
import { MOST_TEXTS, textsOf } from "./texts";
import { useKept } from "./useKept";

const VERSION = graphql(`
  fragment Desk_version on ModelVersion {
    id
    kind
    ...Answers_version
  }
`);

/** So long nothing is typed before it is asked. */
const PAUSE_MS = 500;

interface DeskProps {
  model: string;
  version: FragmentType<Desk_VersionFragment>;
}

/** Texts in, answers out. */
export function Desk({ model, version: from }: DeskProps) {
  const { data: version } = useSuspenseFragment({
    fragment: VERSION,
    fragmentName: "Desk_version",
    from,
  });
  const [written, setWritten] = useKept(`shoal.playground.${version.kind}`);
  const [lines, setLines] = useKept("shoal.playground.lines", "each");
  const isLineEach = lines === "each";
  const settled = useSettled(written, PAUSE_MS);
  const asked = useMemo(
    () => textsOf(settled, version.kind, isLineEach),
    [settled, version.kind, isLineEach],
  );
  const isSequence = version.kind === "SEQUENCE";
  return (
    <div className="grid gap-4 lg:grid-cols-2 lg:grid-rows-[auto_1fr]">
      <Card>
        <Field
          label={isSequence ? "Sequences" : "Texts"}
          hint={
            isSequence
              ? "One on each line, or FASTA or FASTQ records. Asked whenever you pause."
              : "Asked whenever you pause."
          }
        >
          <TextArea
            rows={6}
            value={written}
            onChange={(event) => setWritten(event.target.value)}
            placeholder={isSequence ? ">sequence 1\nACGT…" : "Type or paste here …"}
          />
        </Field>
        {!isSequence && (
          <div className="mt-2 flex items-center gap-2">
            <Checkbox
              label="Each line is a text of its own"
              checked={isLineEach}
              onChange={(isEach) => setLines(isEach ? "each" : "one")}
            />
            <span aria-hidden="true">Each line is a text of its own</span>
          </div>
        )}
        {asked.tooLong > 0 && (
          <p className="mt-2 text-warn">
            Left out: {counted(asked.tooLong, "text")} of over 10,000 characters.
          </p>
        )}
        {asked.tooMany > 0 && (
          <p className="mt-2 text-warn">
            The first {count(MOST_TEXTS)} are asked; {count(asked.tooMany)} more are not. For all of
            them,{" "}
            <Link to="/bulk/new" className="underline">
              send a file
            </Link>
            .
          </p>
        )}
      </Card>
      <div className="min-w-0 lg:row-span-2">
        <Answers model={model} version={version} texts={asked.texts} />
      </div>
      <div className="min-w-0">
        <SameCall model={model} texts={asked.texts} />
      </div>
    </div>
  );
}
