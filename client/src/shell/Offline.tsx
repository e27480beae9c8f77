import { WifiOff } from "lucide-react";
import { useSyncExternalStore } from "react";

/** Says that what is shown may be old, for as long as the browser has no network. */
export function Offline() {
  const isOnline = useSyncExternalStore(subscribe, () => navigator.onLine);
  if (isOnline) return null;
  return (
    <p role="status" className="flex items-center gap-2 bg-warn-soft px-4 py-2 text-warn">
      <WifiOff aria-hidden="true" className="size-4" />
      You are offline. What you see may be old; it goes on by itself when the network is back.
    </p>
  );
}

function subscribe(listener: () => void): () => void {
  window.addEventListener("online", listener);
  window.addEventListener("offline", listener);
  return () => {
    window.removeEventListener("online", listener);
    window.removeEventListener("offline", listener);
  };
}
