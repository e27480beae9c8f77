import { Accept } from "./Accept";
import { SignIn } from "./SignIn";

const INVITATION = /^\/invitation\/([^/]+)$/;

/** What somebody sees who is not signed in: the way in, by password or by invitation. */
export function Door() {
  const invitation = INVITATION.exec(location.pathname)?.[1];
  return (
    <main className="grid min-h-dvh place-items-center p-4">
      <div className="flex w-80 max-w-full flex-col gap-4">
        <header className="flex items-center gap-3">
          <img src="/favicon.svg" alt="" width="40" height="40" />
          <h1 className="text-2xl font-semibold">Shoal</h1>
        </header>
        {invitation ? <Accept invitation={decodeURIComponent(invitation)} /> : <SignIn />}
      </div>
    </main>
  );
}
