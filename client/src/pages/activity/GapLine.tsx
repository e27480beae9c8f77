/** Where history is missing: it was let go before this page could read it. */
export function GapLine() {
  return (
    <li className="border-t border-line bg-warn-soft px-3 py-2 text-warn">
      Older events between here and below are no longer kept.
    </li>
  );
}
