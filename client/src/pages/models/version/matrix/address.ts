/** Which cell of the matrix is open, in the page's address. */

interface Pair {
  actual: string;
  predicted: string;
}

export function cellAddress(search: URLSearchParams, { actual, predicted }: Pair): string {
  const to = new URLSearchParams(search);
  to.set("actual", actual);
  to.set("predicted", predicted);
  return `?${to}`;
}

export function cellOf(search: URLSearchParams): Pair | undefined {
  const [actual, predicted] = [search.get("actual"), search.get("predicted")];
  return actual !== null && predicted !== null ? { actual, predicted } : undefined;
}
