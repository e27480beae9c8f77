/** A call of the API, to be written down as a program. */
export interface ApiRequest {
  /** Where GraphQL is answered. */
  url: string;
  /** With one operation. */
  document: string;
  variables: Record<string, unknown>;
}

/** The environment variable that the programs take the API key from: no key is written into them. */
export const KEY_NAME = "SHOAL_API_KEY";
