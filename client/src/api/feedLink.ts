/**
 * Subscriptions over one WebSocket that go on where they stopped.
 *
 * A feed's items carry cursors. When the socket drops, or falls silent for longer than the
 * server's heartbeats allow, the operation is sent again with `after` set to the last cursor, so
 * that nothing is missed and nothing comes twice. Feeds without cursors (`system`) begin anew,
 * with all of it at once. What ends for good: completion, and errors that the server names.
 */

import { ApolloLink } from "@apollo/client";
import { getOperationAST, print } from "graphql";
import type { Client, SubscribePayload } from "graphql-ws";
import { Observable } from "rxjs";
import { cursorOf, isSign } from "./feedItems";
import { type FeedState, feedStates } from "./feedStates";

/** The server says something at least every 10 s; after this long without a word it is gone. */
export const SILENCE_MS = 25_000;
const FIRST_WAIT_MS = 300;
const LONGEST_WAIT_MS = 10_000;

export class FeedLink extends ApolloLink {
  constructor(private readonly socket: Client) {
    super();
  }

  override request(operation: ApolloLink.Operation): Observable<ApolloLink.Result> {
    const tell = feedStates.writer(operation.getContext()["feed"] as string | undefined);
    return new Observable((observer) => {
      const feed = new Feed(this.socket, operation, observer, tell);
      feed.connect();
      return () => feed.stop();
    });
  }
}

interface Observer {
  next(result: ApolloLink.Result): void;
  error(error: unknown): void;
  complete(): void;
}

class Feed {
  private cursor: unknown;
  private failures = 0;
  private caughtUp = false;
  private leave: (() => void) | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly resumes: boolean;

  constructor(
    private readonly socket: Client,
    private readonly operation: ApolloLink.Operation,
    private readonly observer: Observer,
    private readonly tell: (state: FeedState) => void,
  ) {
    this.cursor = operation.variables["after"];
    const definition = getOperationAST(operation.query, operation.operationName);
    const declared = definition?.variableDefinitions?.map((each) => each.variable.name.value);
    this.resumes = declared?.includes("after") ?? false;
  }

  connect(): void {
    this.tell(this.failures || this.cursor ? "reconnecting" : "connecting");
    window.removeEventListener("online", this.retry);
    window.addEventListener("offline", this.doubt);
    this.caughtUp = !this.resumes;
    this.expectWord();
    this.leave = this.socket.subscribe(this.payload(), {
      next: (result) => this.receive(result as ApolloLink.Result),
      error: (error) => this.lost(error),
      complete: () => {
        this.stop();
        this.tell("ended");
        this.observer.complete();
      },
    });
  }

  stop(): void {
    clearTimeout(this.timer);
    window.removeEventListener("online", this.retry);
    window.removeEventListener("offline", this.doubt);
    this.leave?.();
    this.leave = undefined;
  }

  private payload(): SubscribePayload {
    const { operationName, query, variables } = this.operation;
    return {
      operationName: operationName ?? null,
      query: print(query),
      variables: this.resumes ? { ...variables, after: this.cursor ?? null } : variables,
    };
  }

  private receive(result: ApolloLink.Result): void {
    this.failures = 0;
    this.expectWord();
    const item = Object.values(result.data ?? {})[0];
    this.cursor = cursorOf(item) ?? this.cursor;
    this.caughtUp ||= isSign(item, "CaughtUp");
    this.tell(this.caughtUp ? "live" : "catching-up");
    this.observer.next(result);
  }

  /** GraphQL's own errors are an answer; anything else is a connection that comes back. */
  private lost(error: unknown): void {
    this.stop();
    if (Array.isArray(error)) {
      this.tell("ended");
      this.observer.next({ data: null, errors: error });
      this.observer.complete();
      return;
    }
    this.tell("reconnecting");
    const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** this.failures++);
    this.timer = setTimeout(this.retry, longest * (0.5 + Math.random() / 2));
    window.addEventListener("online", this.retry);
  }

  private retry = (): void => {
    this.stop();
    this.connect();
  };

  /** Without a network nothing comes, though the socket may not know of it yet. */
  private doubt = (): void => {
    this.tell("stale");
    window.addEventListener("online", this.retry);
  };

  private expectWord(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.tell("stale");
      this.socket.terminate();
    }, SILENCE_MS);
  }
}
