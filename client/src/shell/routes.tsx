import { createBrowserRouter, type RouteObject, redirect } from "react-router";
import { session, type Viewer } from "../api/session";
import { OneMoment } from "./OneMoment";
import { NotFound, RouteError } from "./RouteError";
import { Shell } from "./Shell";

type Router = ReturnType<typeof createBrowserRouter>;

let made: { for: string; router: Router } | undefined;

/** The routes of one viewer; another one who signs in gets new ones. */
export function routerFor(viewer: Viewer): Router {
  const key = `${viewer.id} ${viewer.role}`;
  if (made?.for !== key) {
    forget();
    made = { for: key, router: createBrowserRouter(routes(viewer)) };
  }
  return made.router;
}

/** What the pages have loaded goes with the session, even if the same viewer comes back. */
function forget(): void {
  made?.router.dispose();
  made = undefined;
}

session.subscribe(() => {
  if (session.current().status === "signed-out") forget();
});

/** Each page is loaded, with its data, when it is first gone to. */
function routes(viewer: Viewer): RouteObject[] {
  const home = viewer.role === "ADMIN" ? "/overview" : "/playground";
  return [
    {
      path: "/graphiql",
      HydrateFallback: OneMoment,
      lazy: () => import("../pages/graphiql/graphiql"),
      ErrorBoundary: RouteError,
    },
    {
      Component: Shell,
      HydrateFallback: OneMoment,
      ErrorBoundary: RouteError,
      children: [
        {
          ErrorBoundary: RouteError,
          children: [
            { path: "/", loader: () => redirect(home) },
            { path: "/invitation/:token", loader: () => redirect(home) },
            { path: "/overview", lazy: () => import("../pages/overview/overview") },
            { path: "/welcome", lazy: () => import("../pages/welcome/welcome") },
            { path: "/activity", lazy: () => import("../pages/activity/activity") },
            { path: "/jobs", lazy: () => import("../pages/jobs/jobs") },
            { path: "/jobs/:id", lazy: () => import("../pages/jobs/job") },
            { path: "/datasets", lazy: () => import("../pages/datasets/datasets") },
            { path: "/datasets/new", lazy: () => import("../pages/datasets/new/new") },
            { path: "/datasets/:id/append", lazy: () => import("../pages/datasets/new/append") },
            {
              path: "/datasets/:id",
              lazy: () => import("../pages/datasets/dataset"),
              children: [
                { index: true, lazy: () => import("../pages/datasets/preview/preview") },
                { path: "profile", lazy: () => import("../pages/datasets/profile/profile") },
                { path: "problems", lazy: () => import("../pages/datasets/problems/problems") },
                { path: "findings", lazy: () => import("../pages/datasets/findings/findings") },
                { path: "versions", lazy: () => import("../pages/datasets/versions/versions") },
              ],
            },
            { path: "/train", lazy: () => import("../pages/training/train") },
            { path: "/models", lazy: () => import("../pages/models/models") },
            { path: "/models/:id", lazy: () => import("../pages/models/model") },
            { path: "/models/:id/map", lazy: () => import("../pages/map/map") },
            { path: "/models/:id/compare", lazy: () => import("../pages/models/compare/compare") },
            {
              path: "/models/:id/versions/:version",
              lazy: () => import("../pages/models/version/version"),
              children: [
                { index: true, lazy: () => import("../pages/models/version/report") },
                { path: "confusion", lazy: () => import("../pages/models/version/confusion") },
                { path: "promise", lazy: () => import("../pages/models/version/promise") },
                { path: "drift", lazy: () => import("../pages/models/version/drift") },
                { path: "card", lazy: () => import("../pages/models/version/card") },
                { path: "lineage", lazy: () => import("../pages/models/version/lineage") },
              ],
            },
            { path: "/playground", lazy: () => import("../pages/playground/playground") },
            { path: "/search", lazy: () => import("../pages/search/search") },
            { path: "/keys", lazy: () => import("../pages/account/keys") },
            { path: "/keys/:id", lazy: () => import("../pages/account/key") },
            { path: "/usage", lazy: () => import("../pages/account/usage") },
            { path: "/account", lazy: () => import("../pages/account/account") },
            { path: "/webhooks", lazy: () => import("../pages/webhooks/webhooks") },
            { path: "/webhooks/new", lazy: () => import("../pages/webhooks/new") },
            { path: "/webhooks/:id", lazy: () => import("../pages/webhooks/webhook") },
            { path: "/webhooks/:id/edit", lazy: () => import("../pages/webhooks/edit") },
            { path: "/trash", lazy: () => import("../pages/trash/trash") },
            { path: "/admin/users", lazy: () => import("../pages/admin/users") },
            { path: "/admin/users/:id", lazy: () => import("../pages/admin/user") },
            { path: "/admin/invitations", lazy: () => import("../pages/admin/invitations") },
            { path: "/admin/audit", lazy: () => import("../pages/admin/audit") },
            { path: "/admin/limits", lazy: () => import("../pages/admin/limits") },
            {
              path: "/corrections",
              lazy: () => import("../pages/corrections/corrections"),
              children: [
                { index: true, lazy: () => import("../pages/corrections/mine") },
                { path: "review", lazy: () => import("../pages/corrections/review") },
                { path: "learning", lazy: () => import("../pages/corrections/learning") },
                { path: "labelling", lazy: () => import("../pages/corrections/labelling") },
              ],
            },
            {
              path: "/corrections/labelling/:id",
              lazy: () => import("../pages/corrections/batch"),
            },
            { path: "/bulk", lazy: () => import("../pages/bulk/bulk") },
            { path: "/bulk/new", lazy: () => import("../pages/bulk/new") },
            { path: "/bulk/:id", lazy: () => import("../pages/bulk/result") },
            { path: "*", Component: NotFound },
          ],
        },
      ],
    },
  ];
}
