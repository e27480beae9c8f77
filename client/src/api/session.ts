/**
 * Who is signed in. The access token lives in this module's memory only; the refresh token is an
 * httpOnly cookie that no script can read, and brings a new access token on load and on expiry.
 */

import { graphql } from "../gql";
import type { RefreshMutation } from "../gql/graphql";
import { apiKey } from "./apiKey";
import { ApiError, post } from "./post";
import { inTurn } from "./turns";

type Payload = RefreshMutation["session"];

/** Who is signed in. */
export type Viewer = NonNullable<Payload["user"]>;

type State =
  | { status: "unknown" }
  | { status: "unreachable"; problem: string }
  | { status: "signed-out" }
  | { status: "signed-in"; viewer: Viewer };

const SIGN_IN = graphql(`
  mutation SignIn($email: String!, $password: String!) {
    session: signIn(input: { email: $email, password: $password }) {
      accessToken
      accessTokenExpiresAt
      user { id email name role }
      userErrors { message }
    }
  }
`);
const REFRESH = graphql(`
  mutation Refresh {
    session: refreshSession(input: {}) {
      accessToken
      accessTokenExpiresAt
      user { id email name role }
      userErrors { message }
    }
  }
`);
const ACCEPT = graphql(`
  mutation AcceptInvitation($token: String!, $name: String!, $password: String!) {
    acceptInvitation(input: { token: $token, name: $name, password: $password }) {
      user { email }
      userErrors { message }
    }
  }
`);
const SIGN_OUT = graphql(`
  mutation SignOut { signOut(input: {}) { userErrors { message } } }
`);
const SIGN_OUT_EVERYWHERE = graphql(`
  mutation SignOutEverywhere { signOutEverywhere { userErrors { message } } }
`);

/** Refresh this long before the token runs out, so that no request meets an expired one. */
const MARGIN_MS = 30_000;

let state: State = { status: "unknown" };
let token = "";
let expiresAt = 0;
let refreshing: Promise<void> | undefined;
const listeners = new Set<() => void>();
const otherTabs = new BroadcastChannel("shoal-session");
// Its session is over as well: the door, before a request finds out.
otherTabs.onmessage = () => leave();

export const session = {
  current: (): State => state,

  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },

  /** Raises the server's words when it does not let the caller in. */
  async signIn(email: string, password: string): Promise<void> {
    const { session } = await post(SIGN_IN, { email, password });
    const problem = enter(session);
    if (problem) throw new Error(problem);
  },

  /** A new account by the link of an invitation; raises what is wrong with it. */
  async accept(invitation: string, name: string, password: string): Promise<void> {
    const { acceptInvitation } = await post(ACCEPT, { token: invitation, name, password });
    const { user, userErrors } = acceptInvitation;
    if (!user) throw new Error(userErrors[0]?.message ?? "The invitation does not hold");
    await session.signIn(user.email, password);
  },

  /**
   * `everywhere` ends the sessions of the other browsers as well. Raises when the server could not be
   * told: who came back to the page would be signed in.
   */
  async signOut(everywhere = false): Promise<void> {
    const signed = { token: await session.token() };
    try {
      await (everywhere ? post(SIGN_OUT_EVERYWHERE, {}, signed) : post(SIGN_OUT, {}, signed));
    } catch (error) {
      const isOver = error instanceof ApiError && error.code === "UNAUTHENTICATED";
      if (!isOver) throw error;
    }
    apiKey.leave();
    leave();
    otherTabs.postMessage("signed out");
  },

  /** A token that is good for a while yet; empty when the session is over. */
  async token(): Promise<string> {
    if (Date.now() > expiresAt - MARGIN_MS) await session.refresh();
    return token;
  },

  /**
   * One refresh at a time, in all tabs together: the refresh token rotates, and its second use
   * would end the session.
   */
  refresh(): Promise<void> {
    refreshing ??= inTurn("shoal-refresh", () => post(REFRESH, {}, { outlives: true }))
      .then(({ session }) => void enter(session), unreachable)
      .then(() => {
        refreshing = undefined;
      });
    return refreshing;
  },
};

/** Take over what the server gave; the message when it gave nothing. */
function enter(payload: Payload): string | undefined {
  if (!payload.accessToken || !payload.accessTokenExpiresAt || !payload.user) {
    leave();
    return payload.userErrors[0]?.message ?? "Sign-in failed";
  }
  token = payload.accessToken;
  expiresAt = Date.parse(payload.accessTokenExpiresAt);
  become({ status: "signed-in", viewer: payload.user });
  return undefined;
}

/** The server could not be asked: whoever was signed in stays so, and the next request tries again. */
function unreachable(error: unknown): void {
  if (state.status === "signed-in") return;
  become({
    status: "unreachable",
    problem: error instanceof Error ? error.message : String(error),
  });
}

function leave(): void {
  token = "";
  expiresAt = 0;
  become({ status: "signed-out" });
}

function become(next: State): void {
  state = next;
  for (const listener of listeners) listener();
}
