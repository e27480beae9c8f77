/** What became of a correction, in words. */

import type { JobStatus, Review } from "../../gql/graphql";
import type { Tone } from "../../ui/Badge";

interface Corrected {
  review: Review | null;
  /** Told to whoever began it and to admins. */
  learningRound: {
    training: { status: JobStatus; modelVersion: { number: number } | null } | null;
  } | null;
}

interface Fate {
  tone: Tone;
  name: string;
  says: string;
}

export function fateOf({ review, learningRound }: Corrected): Fate {
  if (review === "REJECTED") {
    return { tone: "bad", name: "rejected", says: "The model's owner thinks otherwise." };
  }
  if (review === null) {
    return { tone: "neutral", name: "waits", says: "The model's owner has yet to look at it." };
  }
  if (!learningRound) {
    return { tone: "good", name: "accepted", says: "A round of learning takes it up." };
  }
  const training = learningRound.training;
  if (training?.status === "SUCCEEDED" && training.modelVersion) {
    return {
      tone: "good",
      name: "learnt",
      says: `Version ${training.modelVersion.number} knows it.`,
    };
  }
  if (training?.status === "FAILED" || training?.status === "CANCELLED") {
    return { tone: "warn", name: "in the data", says: "The training on it came to nothing." };
  }
  const next = training ? "the training goes on" : "the next training learns it";
  return { tone: "accent", name: "being learnt", says: `It is in the data; ${next}.` };
}
