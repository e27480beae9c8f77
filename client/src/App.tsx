import { lazy, Suspense, useSyncExternalStore } from "react";
import { SignIn } from "./SignIn";
import { session } from "./session";

// Monaco is large: who has yet to sign in does not wait for it.
const Laboratory = lazy(() => import("./Laboratory"));

export function App() {
  const state = useSyncExternalStore(session.subscribe, session.current);
  switch (state.status) {
    case "unknown":
      return <p className="notice">One moment …</p>;
    case "signed-out":
      return <SignIn />;
    case "signed-in":
      return (
        <Suspense fallback={<p className="notice">Opening the laboratory …</p>}>
          <Laboratory email={state.email} />
        </Suspense>
      );
    default:
      return state satisfies never;
  }
}
