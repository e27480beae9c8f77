/** Invitations: their link, and how they stand. */

export function invitationLink(origin: string, token: string): string {
  return `${origin}/invitation/${encodeURIComponent(token)}`;
}

interface Invited {
  acceptedAt: string | null;
  expiresAt: string;
}

export type InvitationState = "accepted" | "open" | "expired";

export function invitationState({ acceptedAt, expiresAt }: Invited, now: number): InvitationState {
  if (acceptedAt) return "accepted";
  return Date.parse(expiresAt) > now ? "open" : "expired";
}
