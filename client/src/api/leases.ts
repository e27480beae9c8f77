/** Who of the tabs may, and until when: written where all see it, and never by two at once. */

export interface Leases {
  /** Whether it is the caller's until then; it is not while another one has time left. */
  take(name: string, owner: string, until: number): Promise<boolean>;
  end(name: string, owner: string): Promise<void>;
}

interface Lease {
  owner: string;
  until: number;
}

const STORE = "leases";

/** A transaction of IndexedDB that writes has the store for itself, in all tabs. */
export const leases: Leases = {
  take: (name, owner, until) =>
    within((store, held, done) => {
      const isFree = !held || held.owner === owner || held.until <= Date.now();
      if (isFree) store.put({ owner, until } satisfies Lease, name);
      done(isFree);
    }, name),

  end: (name, owner) =>
    within((store, held, done) => {
      if (held?.owner === owner) store.delete(name);
      done(undefined);
    }, name),
};

type Act<T> = (store: IDBObjectStore, held: Lease | undefined, done: (value: T) => void) => void;

async function within<T>(act: Act<T>, name: string): Promise<T> {
  const database = await opened();
  try {
    return await new Promise<T>((resolve, reject) => {
      const transaction = database.transaction(STORE, "readwrite");
      transaction.onabort = () => reject(transaction.error);
      const store = transaction.objectStore(STORE);
      const held = store.get(name);
      held.onsuccess = () =>
        act(store, held.result as Lease | undefined, (value) => {
          transaction.oncomplete = () => resolve(value);
        });
    });
  } finally {
    database.close();
  }
}

function opened(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open("shoal", 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
