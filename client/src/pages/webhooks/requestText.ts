/** A request as it goes over the wire. */

export interface WebhookRequest {
  method: string;
  url: string;
  headers: readonly { name: string; value: string }[];
  body: string;
}

export function requestText({ method, url, headers, body }: WebhookRequest): string {
  const { host, pathname, search } = new URL(url);
  return [
    `${method} ${pathname}${search} HTTP/1.1`,
    `host: ${host}`,
    ...headers.map(({ name, value }) => `${name}: ${value}`),
    "",
    body,
  ].join("\n");
}
