import { useNow } from "./useNow";
import { ago } from "./words";

/** How long ago something was; the exact time on hover, and for machines. */
export function Moment({ at }: { at: string }) {
  const now = useNow();
  return (
    <time dateTime={at} title={new Date(at).toLocaleString()}>
      {ago(Date.parse(at), now)}
    </time>
  );
}
