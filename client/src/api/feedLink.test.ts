import { type ApolloLink, execute, gql } from "@apollo/client";
import type { Client, Sink, SubscribePayload } from "graphql-ws";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FeedLink, SILENCE_MS } from "./feedLink";
import { feedStates } from "./feedStates";

const FEED = gql`subscription Feed($after: String) { activity(after: $after) { cursor } }`;
const WHOLE = gql`subscription Whole { system { at } }`;

/** A socket whose server the test plays. */
function stage() {
  const sent: SubscribePayload[] = [];
  const sinks: Sink[] = [];
  const socket = {
    subscribe(payload: SubscribePayload, sink: Sink) {
      sent.push(payload);
      sinks.push(sink);
      return () => {};
    },
    terminate: () => sinks.at(-1)?.error(new Error("terminated")),
  };
  const say = (__typename: string, cursor: string) =>
    sinks.at(-1)?.next({ data: { activity: { __typename, cursor } } });
  return { link: new FeedLink(socket as unknown as Client), sent, sinks, say };
}

function follow(link: ApolloLink, query = FEED) {
  const seen: unknown[] = [];
  const context = { client: {} as never };
  const ends = { error: vi.fn(), complete: vi.fn() };
  const stream = execute(link, { query, context: { feed: "test" } }, context);
  const subscription = stream.subscribe({ next: (result) => seen.push(result), ...ends });
  return { seen, subscription, ...ends };
}

const state = () => feedStates.of("test").state;
const cursorIn = (payload: SubscribePayload | undefined) => payload?.variables?.["after"];

describe("a feed", () => {
  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal("window", new EventTarget());
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it("goes on from its last cursor when the connection is lost", () => {
    const { link, sent, sinks, say } = stage();
    const { seen } = follow(link);
    expect(cursorIn(sent[0])).toBeNull();
    say("ActivityEvent", "1");
    expect(state()).toBe("catching-up");
    say("CaughtUp", "2");
    say("ActivityEvent", "3");
    expect(state()).toBe("live");
    sinks.at(-1)?.error(new Error("gone"));
    expect(state()).toBe("reconnecting");
    vi.advanceTimersByTime(300);
    expect(sent).toHaveLength(2);
    expect(cursorIn(sent[1])).toBe("3");
    say("ActivityEvent", "4");
    expect(seen).toHaveLength(4);
  });

  it("waits longer each time, and not at all when the network comes back", () => {
    const { link, sent, sinks } = stage();
    follow(link);
    for (let failure = 0; failure < 6; failure++) {
      sinks.at(-1)?.error(new Error("gone"));
      vi.advanceTimersByTime(10_000);
    }
    expect(sent).toHaveLength(7);
    sinks.at(-1)?.error(new Error("gone"));
    window.dispatchEvent(new Event("online"));
    expect(sent).toHaveLength(8);
  });

  it("takes silence for a dead connection", () => {
    const { link, sent, say } = stage();
    follow(link);
    say("CaughtUp", "7");
    vi.advanceTimersByTime(SILENCE_MS + 10_000);
    expect(cursorIn(sent[1])).toBe("7");
  });

  it("is stale without a network, and goes on from its cursor when there is one", () => {
    const { link, sent, say } = stage();
    follow(link);
    say("CaughtUp", "7");
    window.dispatchEvent(new Event("offline"));
    expect(state()).toBe("stale");
    expect(sent).toHaveLength(1);
    window.dispatchEvent(new Event("online"));
    expect(cursorIn(sent[1])).toBe("7");
    window.dispatchEvent(new Event("online"));
    expect(sent).toHaveLength(2);
  });

  it("ends for good with what the server names an error", () => {
    const { link, sent, sinks } = stage();
    const { seen, complete } = follow(link);
    sinks.at(-1)?.error([{ message: "not for you" }] as never);
    vi.advanceTimersByTime(60_000);
    expect(sent).toHaveLength(1);
    expect(seen).toEqual([{ data: null, errors: [{ message: "not for you" }] }]);
    expect(complete).toHaveBeenCalledOnce();
    expect(state()).toBe("ended");
  });

  it("begins anew where the feed has no cursor, and leaves no timer when left", () => {
    const { link, sent, sinks } = stage();
    const { subscription } = follow(link, WHOLE);
    sinks.at(-1)?.next({ data: { system: { at: "now" } } });
    expect(state()).toBe("live");
    sinks.at(-1)?.error(new Error("gone"));
    vi.advanceTimersByTime(300);
    expect(sent[1]?.variables).toEqual({});
    subscription.unsubscribe();
    expect(vi.getTimerCount()).toBe(0);
  });
});
