import { useReadQuery } from "@apollo/client/react";
import { Suspense } from "react";
import {
  Outlet,
  type ShouldRevalidateFunctionArgs,
  useLoaderData,
  useLocation,
  useSearchParams,
} from "react-router";
import { preload } from "../../api/apollo";
import { session } from "../../api/session";
import { graphql } from "../../gql";
import { Combobox } from "../../ui/Combobox";
import { LinkTabs } from "../../ui/LinkTabs";
import { Page } from "../../ui/Page";
import { Loading } from "../../ui/States";
import type { CorrectionsPlace } from "./place";

const CORRECTIONS = graphql(`
  query Corrections($ownerId: ID) {
    models(first: 100, filter: { ownerId: $ownerId }) {
      nodes { id name }
    }
  }
`);

const TABS = [
  ["/review", "To review"],
  ["/learning", "Learning"],
  ["/labelling", "Labelling"],
] as const;

export function loader() {
  const state = session.current();
  const viewer = state.status === "signed-in" ? state.viewer : undefined;
  const ownerId = viewer?.role === "ADMIN" ? null : (viewer?.id ?? null);
  return preload(CORRECTIONS, { variables: { ownerId } });
}

export const shouldRevalidate = ({ currentUrl, nextUrl }: ShouldRevalidateFunctionArgs) =>
  currentUrl.pathname !== nextUrl.pathname;

/** One's own corrections, and for owners of models what others corrected. */
export function Component() {
  const { models } = useReadQuery(useLoaderData() as ReturnType<typeof loader>).data;
  const [search, setSearch] = useSearchParams();
  const { pathname } = useLocation();
  const owned = models.nodes;
  const model = owned.find(({ id }) => id === search.get("model")) ?? owned[0];
  const query = search.has("model") ? `?model=${search.get("model")}` : "";
  const place: CorrectionsPlace = { model };
  return (
    <Page
      title="Corrections"
      summary="Answers that were wrong, and what was learnt from them."
      actions={
        model &&
        pathname !== "/corrections" && (
          <div className="w-72 max-w-full">
            <Combobox
              label="Model"
              choices={owned.map(({ id, name }) => ({ value: id, label: name }))}
              value={model.id}
              onChange={(id) => id && setSearch({ model: id })}
            />
          </div>
        )
      }
    >
      {model && (
        <LinkTabs
          label="Parts of the corrections"
          tabs={[
            { to: `/corrections${query}`, name: "Mine" },
            ...TABS.map(([path, name]) => ({ to: `/corrections${path}${query}`, name })),
          ]}
        />
      )}
      <Suspense key={`${pathname} ${model?.id}`} fallback={<Loading />}>
        <Outlet context={place} />
      </Suspense>
    </Page>
  );
}
