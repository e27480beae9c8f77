import { ApolloProvider } from "@apollo/client/react";
import { lazy, Suspense, useSyncExternalStore } from "react";
import { RouterProvider } from "react-router";
import { apollo } from "../api/apollo";
import { session } from "../api/session";
import { OneMoment } from "./OneMoment";
import { routerFor } from "./routes";
import { Unreachable } from "./Unreachable";

// Who is signed in needs no door, and nobody a note before the page.
const Door = lazy(async () => {
  const { Door } = await import("./Door");
  return { default: Door };
});
const Toasts = lazy(async () => {
  const { Toasts } = await import("../ui/Toasts");
  return { default: Toasts };
});

export function App() {
  const state = useSyncExternalStore(session.subscribe, session.current);
  switch (state.status) {
    case "unknown":
      return <OneMoment />;
    case "unreachable":
      return <Unreachable problem={state.problem} />;
    case "signed-out":
      return (
        <Suspense fallback={<OneMoment />}>
          <Door />
        </Suspense>
      );
    case "signed-in":
      return (
        <ApolloProvider client={apollo}>
          <RouterProvider router={routerFor(state.viewer)} />
          <Suspense>
            <Toasts />
          </Suspense>
        </ApolloProvider>
      );
    default:
      return state satisfies never;
  }
}
