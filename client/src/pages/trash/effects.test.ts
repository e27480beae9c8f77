import { expect, it } from "vitest";
import { goes, stays } from "./effects";

const effect = { bytes: 1_213_000, objects: 3, versions: 2, modelVersions: 5, predictions: 7 };

it("takes of a data set its versions, and of a model its versions and answers", () => {
  expect(goes(effect, "DATASET")).toEqual(["2 versions", "1.21 MB in 3 objects"]);
  expect(goes(effect, "MODEL")).toEqual(["5 versions", "7 answers", "1.21 MB in 3 objects"]);
});

it("tells what stays", () => {
  expect(stays({ jobs: 0, models: [] })).toEqual([]);
  expect(stays({ jobs: 1, models: [{ name: "intents" }] })).toEqual([
    "1 job, as history without their logs",
    "the model intents, whole",
  ]);
});
