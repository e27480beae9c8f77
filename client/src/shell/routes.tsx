import { createBrowserRouter, type RouteObject, redirect } from "react-router";
import type { Viewer } from "../api/session";
import { OneMoment } from "./OneMoment";
import { NotFound, RouteError } from "./RouteError";
import { Shell } from "./Shell";

type Router = ReturnType<typeof createBrowserRouter>;

let made: { for: string; router: Router } | undefined;

/** The routes of one viewer; another one who signs in gets new ones. */
export function routerFor(viewer: Viewer): Router {
  const key = `${viewer.id} ${viewer.role}`;
  if (made?.for !== key) {
    made?.router.dispose();
    made = { for: key, router: createBrowserRouter(routes()) };
  }
  return made.router;
}

/** Each page is loaded, with its data, when it is first gone to. */
function routes(): RouteObject[] {
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
            { path: "/", loader: () => redirect("/jobs") },
            { path: "/invitation/:token", loader: () => redirect("/jobs") },
            { path: "/jobs", lazy: () => import("../pages/jobs/jobs") },
            { path: "/jobs/:id", lazy: () => import("../pages/jobs/job") },
            { path: "*", Component: NotFound },
          ],
        },
      ],
    },
  ];
}
