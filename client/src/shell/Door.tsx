import { lazy, Suspense, useSyncExternalStore } from "react";
import { apiKey } from "../api/apiKey";
import { Accept } from "./Accept";
import { KeyForm } from "./KeyForm";
import { OneMoment } from "./OneMoment";
import { SignIn } from "./SignIn";

const INVITATION = /^\/invitation\/([^/]+)$/;
const Laboratory = lazy(async () => {
  const { Laboratory } = await import("../pages/graphiql/Laboratory");
  return { default: Laboratory };
});

/** What somebody sees who is not signed in: the way in, by password, invitation or API key. */
export function Door() {
  const key = useSyncExternalStore(apiKey.subscribe, apiKey.current);
  const invitation = INVITATION.exec(location.pathname)?.[1];
  const isLaboratory = location.pathname === "/graphiql";
  if (isLaboratory && key) {
    return (
      <Suspense fallback={<OneMoment />}>
        <Laboratory />
      </Suspense>
    );
  }
  return (
    <main className="grid min-h-dvh place-items-center p-4">
      <div className="flex w-80 max-w-full flex-col gap-4">
        <header className="flex items-center gap-3">
          <img src="/favicon.svg" alt="" width="40" height="40" />
          <h1 className="text-2xl font-semibold">Shoal</h1>
        </header>
        {invitation ? <Accept invitation={decodeURIComponent(invitation)} /> : <SignIn />}
        {isLaboratory && (
          <section aria-label="With an API key" className="border-t border-line pt-4">
            <p className="mb-3 text-soft">Or explore with an API key.</p>
            <KeyForm />
          </section>
        )}
      </div>
    </main>
  );
}
