import { ApolloProvider } from "@apollo/client/react";
import { useSyncExternalStore } from "react";
import { RouterProvider } from "react-router";
import { apollo } from "../api/apollo";
import { session } from "../api/session";
import { Toasts } from "../ui/Toasts";
import { Door } from "./Door";
import { OneMoment } from "./OneMoment";
import { routerFor } from "./routes";
import { Unreachable } from "./Unreachable";

export function App() {
  const state = useSyncExternalStore(session.subscribe, session.current);
  switch (state.status) {
    case "unknown":
      return <OneMoment />;
    case "unreachable":
      return <Unreachable problem={state.problem} />;
    case "signed-out":
      return <Door />;
    case "signed-in":
      return (
        <ApolloProvider client={apollo}>
          <RouterProvider router={routerFor(state.viewer)} />
          <Toasts />
        </ApolloProvider>
      );
    default:
      return state satisfies never;
  }
}
