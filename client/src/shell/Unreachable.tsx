import { session } from "../api/session";
import { Button } from "../ui/Button";

/** The server did not answer when the page was opened. */
export function Unreachable({ problem }: { problem: string }) {
  return (
    <main className="grid h-dvh place-items-center p-4">
      <title>Shoal</title>
      <div className="flex max-w-sm flex-col items-center gap-3 text-center">
        <img src="/favicon.svg" alt="" width="48" height="48" />
        <h1 className="text-xl font-semibold">Shoal does not answer</h1>
        <p className="text-soft">{problem}. Is the server up, and are you online?</p>
        <Button look="primary" onClick={() => session.refresh()}>
          Try again
        </Button>
      </div>
    </main>
  );
}
