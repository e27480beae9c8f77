/** Before there is anything else to show. */
export function OneMoment() {
  return <p className="grid h-dvh place-items-center text-soft">One moment …</p>;
}
