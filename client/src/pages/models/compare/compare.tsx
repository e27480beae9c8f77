import { useReadQuery } from "@apollo/client/react";
import { Suspense } from "react";
import { type LoaderFunctionArgs, useLoaderData, useSearchParams } from "react-router";
import { preload } from "../../../api/apollo";
import { graphql } from "../../../gql";
import type { CompareQuery } from "../../../gql/graphql";
import { NotFound } from "../../../shell/RouteError";
import { ButtonLink } from "../../../ui/Button";
import { Card } from "../../../ui/Card";
import { Field } from "../../../ui/Field";
import { Page } from "../../../ui/Page";
import { Select } from "../../../ui/Select";
import { Empty, Loading } from "../../../ui/States";
import { percent } from "../../../ui/words";
import { ComparisonOf } from "./ComparisonOf";
import { ComparisonResult } from "./ComparisonResult";

const COMPARE = graphql(`
  query Compare($id: ID!) {
    model(id: $id) {
      id
      name
      publishedVersion { id }
      versions(first: 100) {
        nodes { id number isPublished report { accuracy } }
      }
    }
  }
`);

type Model = NonNullable<CompareQuery["model"]>;

export function loader({ params }: LoaderFunctionArgs) {
  return preload(COMPARE, { variables: { id: params["id"] ?? "" } });
}

export function Component() {
  const { model } = useReadQuery(useLoaderData<typeof loader>()).data;
  const [search, setSearch] = useSearchParams();
  if (!model) return <NotFound />;
  const { before, after } = pairOf(model, search);
  const choose = (changed: Record<string, string>) =>
    setSearch({ before: before ?? "", after: after ?? "", ...changed });
  return (
    <Page
      title={`Compare versions of ${model.name}`}
      summary="What it would mean to answer with another version."
      actions={<ButtonLink to={`/models/${model.id}`}>To the model</ButtonLink>}
    >
      {!before || !after ? (
        <Empty title="There is only one version">
          With the next training there will be two to compare.
        </Empty>
      ) : (
        <>
          <Card>
            <div className="grid gap-4 sm:grid-cols-2">
              <Which
                name="Before"
                model={model}
                value={before}
                onChange={(id) => choose({ before: id })}
              />
              <Which
                name="After"
                model={model}
                value={after}
                onChange={(id) => choose({ after: id })}
              />
            </div>
          </Card>
          {before === after ? (
            <Empty title="Choose two different versions" />
          ) : (
            <Suspense fallback={<Loading />}>
              <ComparisonOf
                key={`${before} ${after}`}
                model={model.id}
                before={before}
                after={after}
              >
                {(id) => <ComparisonResult id={id} />}
              </ComparisonOf>
            </Suspense>
          )}
        </>
      )}
    </Page>
  );
}

/** As the address says; else what answers now, and the newest of the others. */
function pairOf({ versions, publishedVersion }: Model, search: URLSearchParams) {
  const newest = versions.nodes[0]?.id;
  const second = versions.nodes[1]?.id;
  const published = publishedVersion?.id;
  const usual = published && published !== newest ? published : second;
  return { before: search.get("before") || usual, after: search.get("after") || newest };
}

interface WhichProps {
  name: string;
  model: Model;
  value: string;
  onChange: (id: string) => void;
}

function Which({ name, model, value, onChange }: WhichProps) {
  return (
    <Field label={name}>
      <Select
        label={name}
        choices={model.versions.nodes.map(({ id, number, isPublished, report }) => ({
          value: id,
          label: `version ${number} – ${percent(report.accuracy)}${isPublished ? ", answers now" : ""}`,
        }))}
        value={value}
        onChange={onChange}
      />
    </Field>
  );
}
