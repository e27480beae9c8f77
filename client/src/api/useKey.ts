import { useRef } from "react";
import { unique } from "./unique";

/** The idempotency key of a request: the same for as long as the same is asked for. */
export function useKey(): (request: unknown) => string {
  const last = useRef({ request: "", key: "" });
  return (request) => {
    const text = JSON.stringify(request);
    if (last.current.request !== text) last.current = { request: text, key: unique() };
    return last.current.key;
  };
}
