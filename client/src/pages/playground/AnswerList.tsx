import type { FragmentType } from "@apollo/client/masking";
import { useState } from "react";
import type { AnswerCard_VersionFragment } from "../../gql/graphql";
import { AnswerItem } from "./AnswerItem";
import type { Answer } from "./Asking";

interface AnswerListProps {
  model: string;
  version: FragmentType<AnswerCard_VersionFragment>;
  texts: readonly string[];
  of: (text: string) => Answer | undefined;
}

/** Answers to many texts, in the texts' order; each opens to all that is known of it. */
export function AnswerList({ model, version, texts, of }: AnswerListProps) {
  const [open, setOpen] = useState<string>();
  return (
    <ul aria-label="Answers" className="divide-y divide-line rounded-md border border-line">
      {texts.map((text) => (
        <AnswerItem
          key={text}
          text={text}
          model={model}
          version={version}
          answer={of(text)}
          isOpen={open === text}
          onToggle={() => setOpen(open === text ? undefined : text)}
        />
      ))}
    </ul>
  );
}
