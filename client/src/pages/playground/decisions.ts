/** What a model's decision means, in words. */

import type { Decision } from "../../gql/graphql";
import type { Tone } from "../../ui/Badge";

interface Meaning {
  tone: Tone;
  name: string;
  says: string;
}

export const MEANING: Record<Decision, Meaning> = {
  ANSWER: { tone: "good", name: "answers", says: "The model stands by this label." },
  ABSTAIN: {
    tone: "warn",
    name: "not sure",
    says: "The model is too unsure to answer. The label is its best guess; let somebody look at it.",
  },
  OUT_OF_DISTRIBUTION: {
    tone: "bad",
    name: "unlike its data",
    says: "The text is unlike everything that the model learnt from. No label may fit.",
  },
};
