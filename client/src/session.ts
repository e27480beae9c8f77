/**
 * Who is signed in. The access token lives in this module's memory only; the refresh token is an
 * httpOnly cookie that no script can read, and brings a new access token on load and on expiry.
 */

import { request } from "./graphql";

type State =
  | { status: "unknown" }
  | { status: "signed-out" }
  | { status: "signed-in"; email: string };

interface Payload {
  accessToken: string | null;
  accessTokenExpiresAt: string | null;
  user: { email: string } | null;
  userErrors: { message: string }[];
}

const PAYLOAD = "accessToken accessTokenExpiresAt user { email } userErrors { message }";
const SIGN_IN = `mutation SignIn($input: SignInInput!) { session: signIn(input: $input) { ${PAYLOAD} } }`;
const REFRESH = `mutation Refresh($input: RefreshSessionInput!) { session: refreshSession(input: $input) { ${PAYLOAD} } }`;
const SIGN_OUT =
  "mutation SignOut($input: SignOutInput!) { signOut(input: $input) { userErrors { message } } }";

/** Refresh this long before the token runs out, so that no request meets an expired one. */
const MARGIN_MS = 30_000;

let state: State = { status: "unknown" };
let token = "";
let expiresAt = 0;
let refreshing: Promise<void> | undefined;
const listeners = new Set<() => void>();

export const session = {
  current: (): State => state,

  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },

  async signIn(email: string, password: string): Promise<void> {
    const error = enter(await ask(SIGN_IN, { email, password }));
    if (error) throw new Error(error);
  },

  async signOut(): Promise<void> {
    await request(SIGN_OUT, { input: {} }, token);
    leave();
  },

  /** A token that is good for a while yet; empty when the session is over. */
  async token(): Promise<string> {
    if (Date.now() > expiresAt - MARGIN_MS) await refresh();
    return token;
  },
};

/** One refresh at a time: the refresh token rotates, and its second use would end the session. */
function refresh(): Promise<void> {
  refreshing ??= ask(REFRESH, {})
    .then(enter, leave)
    .then(() => {
      refreshing = undefined;
    });
  return refreshing;
}

async function ask(document: string, input: Record<string, unknown>): Promise<Payload> {
  const { session } = await request<{ session: Payload }>(document, { input });
  return session;
}

/** Take over what the server gave; the message when it gave nothing. */
function enter(payload: Payload): string | undefined {
  if (!payload.accessToken || !payload.accessTokenExpiresAt || !payload.user) {
    leave();
    return payload.userErrors[0]?.message ?? "Sign-in failed";
  }
  token = payload.accessToken;
  expiresAt = Date.parse(payload.accessTokenExpiresAt);
  become({ status: "signed-in", email: payload.user.email });
  return undefined;
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

refresh();
