import { date } from "./words";

/** The day of something to come; the exact time on hover, and for machines. */
export function Day({ at }: { at: string }) {
  return (
    <time dateTime={at} title={new Date(at).toLocaleString()}>
      {date(Date.parse(at))}
    </time>
  );
}
