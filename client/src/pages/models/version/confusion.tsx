import { useReadQuery } from "@apollo/client/react";
import { type LoaderFunctionArgs, useLoaderData } from "react-router";
import { preload } from "../../../api/apollo";
import { graphql } from "../../../gql";
import { NotFound } from "../../../shell/RouteError";
import { Card } from "../../../ui/Card";
import { Select } from "../../../ui/Select";
import { Empty } from "../../../ui/States";
import { IN_PLACE, useAddress } from "../../../ui/useAddress";
import { counted } from "../../../ui/words";
import { cellOf } from "./matrix/address";
import { CellDialog } from "./matrix/CellDialog";
import { ConfusionList } from "./matrix/ConfusionList";
import { HeatMap } from "./matrix/HeatMap";
import { labelsIn, matrixOf, untold } from "./matrix/matrix";

const CONFUSION = graphql(`
  query VersionConfusion($id: ID!) {
    modelVersion(id: $id) {
      id
      report {
        classes { label recall support }
        confusions { actual predicted rows numbers }
      }
    }
  }
`);

/** More cells are hard to tell apart, and slow to draw. */
const MOST_LABELS = 100;
const SOME_LABELS = 30;

const SHOWN = [
  { value: "some", label: `The ${SOME_LABELS} most confused` },
  { value: "errors", label: "All, most confused first" },
  { value: "name", label: "All, by name" },
] as const;

type Shown = (typeof SHOWN)[number]["value"];

export function loader({ params }: LoaderFunctionArgs) {
  return preload(CONFUSION, { variables: { id: params["version"] ?? "" } });
}

export function Component() {
  const { modelVersion: version } = useReadQuery(useLoaderData<typeof loader>()).data;
  const [search, change] = useAddress(IN_PLACE);
  if (!version) return <NotFound />;
  const { classes, confusions } = version.report;
  if (confusions.length === 0) {
    return <Empty title="Nothing was confused">Every test row got its label.</Empty>;
  }

  const shown = shownOf(search, classes.length);
  const labels = labelsIn(classes, confusions, shown === "name" ? "name" : "errors");
  const most = shown === "some" ? SOME_LABELS : MOST_LABELS;
  const matrix = matrixOf(classes, confusions, labels.slice(0, most));
  const selected = cellOf(search);
  const missing = untold(classes, confusions);

  return (
    <div className="grid items-start gap-4 2xl:grid-cols-[minmax(0,auto)_minmax(20rem,1fr)]">
      <Card
        title="Right label down, given label across"
        actions={
          labels.length > SOME_LABELS && (
            <div className="w-56">
              <Select
                label="Which labels"
                choices={SHOWN}
                value={shown}
                onChange={(show) => change({ show })}
              />
            </div>
          )
        }
      >
        <HeatMap key={shown} matrix={matrix} selected={selected} />
        <p className="mt-2 text-xs text-soft">
          {matrix.labels.length < labels.length &&
            `${matrix.labels.length} of ${counted(labels.length, "label")}. `}
          Green was right, red was wrong; the darker, the larger a share of the label's test rows.
          {missing > 0 && ` Of ${counted(missing, "rarer mistake")} it is not kept what they were.`}
        </p>
      </Card>
      <ConfusionList confusions={confusions} />
      <CellDialog
        version={version.id}
        cell={selected}
        confusions={confusions}
        onClose={() => change({ actual: null, predicted: null })}
      />
    </div>
  );
}

function shownOf(search: URLSearchParams, labels: number): Shown {
  const asked = SHOWN.find(({ value }) => value === search.get("show"))?.value;
  return asked ?? (labels > SOME_LABELS ? "some" : "errors");
}
