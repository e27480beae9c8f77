/**
 * Uploads that were begun in this browser, so that a reload goes on where it stopped. The browser
 * gives no file back by itself: once the same file is chosen again, its SHA-256 finds its entry.
 */

import { unique } from "../../../api/unique";

const KEY = "shoal.uploads";
/** The server forgets an open upload after a day, and the key that it was announced with. */
const KEPT_MS = 23 * 3_600_000;

export interface Begun {
  /** Who began it; another user of this browser has uploads of their own. */
  owner: string;
  filename: string;
  size: number;
  sha256: string;
  /** The idempotency key of its announcement: sent again, it brings fresh URLs. */
  key: string;
  /** Numbers of the parts that have arrived. */
  sent: readonly number[];
  /** The upload, once all of it is there and checked: nothing is left to send. */
  uploadId?: string;
  at: number;
}

export type Identity = Pick<Begun, "owner" | "filename" | "size" | "sha256">;

type Shelf = Pick<Storage, "getItem" | "setItem">;

export class BegunUploads {
  constructor(
    private readonly shelf: Shelf,
    private readonly now: () => number = Date.now,
  ) {}

  /** Those of one user that can still be gone on with, the newest first. */
  of(owner: string): Begun[] {
    return this.read().filter((begun) => begun.owner === owner);
  }

  /** What is known of a file, or the beginning of it. */
  recall(file: Identity): Begun {
    const known = this.read().find((begun) => isSame(begun, file));
    return known ?? { ...file, key: unique(), sent: [], at: this.now() };
  }

  keep(begun: Begun): void {
    this.write([begun, ...this.read().filter((other) => !isSame(other, begun))]);
  }

  forget(file: Identity): void {
    this.write(this.read().filter((begun) => !isSame(begun, file)));
  }

  private read(): Begun[] {
    const known = JSON.parse(this.shelf.getItem(KEY) ?? "[]") as Begun[];
    return known.filter(({ at }) => this.now() - at < KEPT_MS);
  }

  private write(uploads: readonly Begun[]): void {
    this.shelf.setItem(KEY, JSON.stringify(uploads));
  }
}

function isSame(one: Identity, other: Identity): boolean {
  return (
    one.owner === other.owner &&
    one.sha256 === other.sha256 &&
    one.size === other.size &&
    one.filename === other.filename
  );
}
