/** The way from nothing to a model that answers, and how far somebody is on it. */

import type { VersionStatus } from "../../gql/graphql";

/** What the API knows of it: of each kind the newest thing. */
export interface Progress {
  dataset: VersionStatus | undefined;
  isTraining: boolean;
  hasModel: boolean;
  isPublished: boolean;
  wasAsked: boolean;
}

export interface Step {
  number: number;
  name: string;
  isDone: boolean;
  /** Whether what it needs is there. */
  isOpen: boolean;
}

export function stepsOf({
  dataset,
  isTraining,
  hasModel,
  isPublished,
  wasAsked,
}: Progress): Step[] {
  const isReady = dataset === "READY" || hasModel;
  const way: [name: string, isDone: boolean][] = [
    ["Bring in data", isReady],
    // Nobody tells the server that they have looked: a training shows that they went on.
    ["Look at it", hasModel || isTraining],
    ["Train", hasModel],
    ["Publish", isPublished],
    ["Ask it", isPublished && wasAsked],
  ];
  const open = [true, isReady, isReady, hasModel, isPublished];
  return way.map(([name, isDone], place) => ({
    number: place + 1,
    name,
    isDone,
    isOpen: open[place] ?? false,
  }));
}

/** The step that an address asks for, else the first that is left; the last when all is done. */
export function currentStep(steps: readonly Step[], asked: string | null): Step | undefined {
  const wanted = steps.find(({ number }) => String(number) === asked);
  return wanted ?? steps.find(({ isDone }) => !isDone) ?? steps.at(-1);
}
