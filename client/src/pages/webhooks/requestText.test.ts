import { expect, it } from "vitest";
import { requestText } from "./requestText";

it("writes a request as it is sent, body untouched", () => {
  const request = {
    method: "POST",
    url: "https://hooks.test:8443/in?a=1",
    headers: [{ name: "webhook-id", value: "whd_1" }],
    body: '{"data": {"a":1}}',
  };
  expect(requestText(request)).toBe(
    'POST /in?a=1 HTTP/1.1\nhost: hooks.test:8443\nwebhook-id: whd_1\n\n{"data": {"a":1}}',
  );
});
