/** What an answer says that it did cost. */
export interface Charged {
  requested: number;
  actual: number;
  available: number;
  capacity: number;
}

export function chargedIn(response: string): Charged | undefined {
  if (!response.includes('"cost"')) return undefined;
  try {
    const cost: Partial<Charged> | undefined = JSON.parse(response)?.extensions?.cost;
    const { requested, actual, available, capacity } = cost ?? {};
    return [requested, actual, available, capacity].every(Number.isInteger)
      ? (cost as Charged)
      : undefined;
  } catch {
    return undefined;
  }
}
