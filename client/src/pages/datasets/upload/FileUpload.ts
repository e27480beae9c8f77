/**
 * One file on its way to the object store: its SHA-256, its announcement, its parts, the check.
 * It can be paused and gone on with, in this page or after a reload (see begun.ts).
 */

import type { Begun, BegunUploads } from "./begun";
import {
  bytesSent,
  changed,
  MOST_TRIES,
  nextOf,
  numbersSent,
  type Part,
  type PartProgress,
  planned,
  stopped,
  waitBefore,
} from "./parts";

/** Parts under way at the same time. */
export const ABREAST = 4;

export interface Ticket {
  uploadId: string;
  parts: readonly Part[];
  headers: readonly { name: string; value: string }[];
}

/** What the server does not do; asking again for the same will not help. */
export class Refused extends Error {}

/** What an upload needs of the world. */
export interface Carrier {
  hash(file: Blob, onShare: (share: number) => void, signal: AbortSignal): Promise<string>;
  /** Announces the file; asked again with the same key, it gives fresh URLs of the same upload. */
  announce(begun: Begun): Promise<Ticket>;
  send(
    part: Part,
    bytes: Blob,
    headers: Ticket["headers"],
    onBytes: (bytes: number) => void,
    signal: AbortSignal,
  ): Promise<void>;
  complete(uploadId: string): Promise<void>;
  /** Waits before another try; longer while the browser is offline. */
  rest(ms: number, signal: AbortSignal): Promise<void>;
}

export type Phase = "reading" | "read" | "sending" | "paused" | "checking" | "done" | "failed";

export interface UploadState {
  phase: Phase;
  /** Of the SHA-256, 0 to 1. */
  hashed: number;
  parts: readonly PartProgress[];
  bytes: number;
  /** Bytes that an earlier try had brought over. */
  spared: number;
  problem: string;
}

const NOTHING: Ticket = { uploadId: "", parts: [], headers: [] };

export class FileUpload {
  private state: UploadState = {
    phase: "reading",
    hashed: 0,
    parts: [],
    bytes: 0,
    spared: 0,
    problem: "",
  };
  private readonly listeners = new Set<() => void>();
  private readonly hashing = new AbortController();
  private sending = new AbortController();
  private begun: Begun | undefined;
  private ticket: Ticket = NOTHING;
  private readonly sha256: Promise<string>;

  constructor(
    readonly file: File,
    private readonly owner: string,
    private readonly carrier: Carrier,
    private readonly memory: BegunUploads,
  ) {
    this.sha256 = carrier.hash(file, (hashed) => this.become({ hashed }), this.hashing.signal);
    this.sha256.then(
      () => this.state.phase === "reading" && this.become({ phase: "read", hashed: 1 }),
      (error) => this.fail(error),
    );
  }

  current = (): UploadState => this.state;

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** The upload's id once every byte is there and checked; undefined when it was stopped. */
  async run(): Promise<string | undefined> {
    if (this.state.phase === "sending" || this.state.phase === "checking") return undefined;
    this.sending = new AbortController();
    const { signal } = this.sending;
    try {
      this.become({ phase: "sending", problem: "" });
      const { begun, ticket } = await this.announce();
      if (begun.uploadId) return this.done(begun.uploadId);
      if (signal.aborted) return undefined;
      const parts = planned(ticket.parts, begun.sent);
      this.become({ spared: bytesSent(parts) });
      this.show("sending", parts);
      await Promise.all(Array.from({ length: ABREAST }, () => this.sendParts(signal)));
      if (signal.aborted) return undefined;
      return await this.finish(ticket.uploadId);
    } catch (error) {
      if (!signal.aborted) this.fail(error);
      return undefined;
    }
  }

  pause(): void {
    if (this.state.phase !== "sending") return;
    this.sending.abort();
    this.show("paused", stopped(this.state.parts));
  }

  /** Stops it for good and forgets it. */
  cancel(): void {
    this.hashing.abort();
    this.sending.abort();
    this.forget();
  }

  /** Once something was made of the upload there is nothing to go on with. */
  forget(): void {
    if (this.begun) this.memory.forget(this.begun);
  }

  private async announce(): Promise<{ begun: Begun; ticket: Ticket }> {
    const { name: filename, size } = this.file;
    const identity = { owner: this.owner, filename, size, sha256: await this.sha256 };
    this.begun = this.memory.recall(identity);
    if (this.begun.uploadId) return { begun: this.begun, ticket: NOTHING };
    try {
      this.ticket = await this.carrier.announce(this.begun);
    } catch (error) {
      if (error instanceof Refused) this.forget(); // it is over: the next try begins anew
      throw error;
    }
    this.memory.keep(this.begun);
    return { begun: this.begun, ticket: this.ticket };
  }

  /** One of those who send: it takes the next part until there is none. */
  private async sendParts(signal: AbortSignal): Promise<void> {
    for (let next = nextOf(this.state.parts); next; next = nextOf(this.state.parts)) {
      if (signal.aborted) return;
      this.part(next.number, { state: "sending", bytes: 0 });
      await this.sendPart(next.number, signal);
      if (signal.aborted) return;
      this.part(next.number, { state: "sent", bytes: next.size });
      this.remember({ sent: numbersSent(this.state.parts) });
    }
  }

  private async sendPart(number: number, signal: AbortSignal): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      const { parts, headers } = this.ticket;
      const part = parts.find((each) => each.number === number);
      if (!part) throw new Error(`the server named no part ${number}`);
      const bytes = this.file.slice(part.offset, part.offset + part.size);
      try {
        const told = (sent: number) => this.part(number, { bytes: sent });
        return await this.carrier.send(part, bytes, headers, told, signal);
      } catch (error) {
        if (signal.aborted) return;
        if (attempt === MOST_TRIES) {
          this.sending.abort(); // the others stop as well; trying again goes on from here
          this.fail(error);
          return;
        }
        this.part(number, { state: "retrying", bytes: 0 });
        await this.carrier.rest(waitBefore(attempt), signal);
        if (signal.aborted) return;
        // the URLs may be over, after a night of sleep for instance
        if (attempt > 1) await this.announce();
        this.part(number, { state: "sending" });
      }
    }
  }

  private async finish(uploadId: string): Promise<string> {
    this.become({ phase: "checking" });
    try {
      await this.carrier.complete(uploadId);
    } catch (error) {
      // other bytes came than were announced: nothing of them can be trusted
      if (error instanceof Refused) this.remember({ sent: [] });
      throw error;
    }
    this.remember({ uploadId });
    return this.done(uploadId);
  }

  private done(uploadId: string): string {
    this.become({ phase: "done", bytes: this.file.size });
    return uploadId;
  }

  private remember(change: Partial<Begun>): void {
    if (!this.begun) return;
    this.begun = { ...this.begun, ...change };
    this.memory.keep(this.begun);
  }

  private fail(error: unknown): void {
    const problem = error instanceof Error ? error.message : String(error);
    this.become({ phase: "failed", problem, parts: stopped(this.state.parts) });
  }

  private part(number: number, change: Partial<PartProgress>): void {
    if (!this.sending.signal.aborted)
      this.show("sending", changed(this.state.parts, number, change));
  }

  private show(phase: Phase, parts: readonly PartProgress[]): void {
    this.become({ phase, parts, bytes: bytesSent(parts) });
  }

  private become(change: Partial<UploadState>): void {
    this.state = { ...this.state, ...change };
    for (const listener of this.listeners) listener();
  }
}
