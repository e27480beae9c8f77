/** What deleting for good takes along, in words. */

import { bytes, counted } from "../../ui/words";

interface Effect {
  bytes: number;
  objects: number;
  versions: number;
  modelVersions: number;
  predictions: number;
}

/** A data set's own versions go; versions of models trained from it stay. */
export function goes(effect: Effect, kind: "DATASET" | "MODEL"): string[] {
  const parts =
    kind === "DATASET"
      ? [counted(effect.versions, "version")]
      : [counted(effect.modelVersions, "version"), counted(effect.predictions, "answer")];
  return [...parts, `${bytes(effect.bytes)} in ${counted(effect.objects, "object")}`];
}

interface Staying {
  jobs: number;
  models: readonly { name: string }[];
}

/** What is left of it elsewhere; empty if nothing is. */
export function stays({ jobs, models }: Staying): string[] {
  return [
    ...(jobs > 0 ? [`${counted(jobs, "job")}, as history without their logs`] : []),
    ...models.map(({ name }) => `the model ${name}, whole`),
  ];
}
