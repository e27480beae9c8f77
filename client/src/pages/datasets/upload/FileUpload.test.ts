import { describe, expect, it } from "vitest";
import { BegunUploads } from "./begun";
import { type Carrier, FileUpload, Refused } from "./FileUpload";
import type { Part } from "./parts";

const PARTS: Part[] = [1, 2, 3, 4, 5].map((number) => ({
  number,
  url: `/${number}`,
  offset: (number - 1) * 2,
  size: 2,
}));

function shelf() {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  };
}

/** A server that takes everything, and writes down what came. */
function server(change: Partial<Carrier> = {}) {
  const came: string[] = [];
  const keys: string[] = [];
  const carrier: Carrier = {
    hash: async () => "abc",
    announce: async ({ key }) => {
      keys.push(key);
      return { uploadId: "upl_1", parts: PARTS, headers: [] };
    },
    send: async (_, bytes) => void came.push(await bytes.text()),
    complete: async () => {},
    rest: async () => {},
    ...change,
  };
  return { carrier, came, keys };
}

const file = () => new File(["0011223344"], "rows.csv");

describe("an upload", () => {
  it("sends every part once and ends with the upload's id", async () => {
    const { carrier, came } = server();
    const upload = new FileUpload(file(), "usr_1", carrier, new BegunUploads(shelf()));
    expect(await upload.run()).toBe("upl_1");
    expect(came.toSorted()).toEqual(["00", "11", "22", "33", "44"]);
    expect(upload.current()).toMatchObject({ phase: "done", bytes: 10, problem: "" });
  });

  it("tries a part again that failed, and asks for fresh URLs", async () => {
    let failures = 0;
    const told = server();
    const { carrier, came, keys } = told;
    carrier.send = async (part, bytes) => {
      if (part.number === 3 && ++failures <= 2) throw new Error("broke");
      came.push(await bytes.text());
    };
    const upload = new FileUpload(file(), "usr_1", carrier, new BegunUploads(shelf()));
    expect(await upload.run()).toBe("upl_1");
    expect(failures).toBe(3);
    expect(came).toHaveLength(5);
    expect(new Set(keys).size).toBe(1);
    expect(keys).toHaveLength(2);
  });

  it("goes on after a reload with the parts that are missing, under the same key", async () => {
    const memory = new BegunUploads(shelf());
    const first = server({
      send: async ({ number }) => {
        if (number === 4) throw new Error("broke for good");
      },
    });
    const before = new FileUpload(file(), "usr_1", first.carrier, memory);
    expect(await before.run()).toBeUndefined();
    expect(before.current()).toMatchObject({ phase: "failed", problem: "broke for good" });
    const { sent } = memory.of("usr_1")[0] ?? { sent: [] };
    expect(sent).not.toContain(4);

    const second = server();
    const after = new FileUpload(file(), "usr_1", second.carrier, memory);
    expect(await after.run()).toBe("upl_1");
    expect(second.came).toHaveLength(5 - sent.length);
    expect(second.keys[0]).toBe(first.keys[0]);
    expect(after.current().spared).toBe(2 * sent.length);
  });

  it("stops when paused and goes on when run again", async () => {
    let upload: FileUpload;
    let asked = 0;
    const { carrier, came } = server();
    carrier.send = async (_, bytes) => {
      if (++asked === 2) upload.pause();
      came.push(await bytes.text());
    };
    upload = new FileUpload(file(), "usr_1", carrier, new BegunUploads(shelf()));
    expect(await upload.run()).toBeUndefined();
    expect(upload.current().phase).toBe("paused");
    expect(await upload.run()).toBe("upl_1");
    expect(new Set(came)).toEqual(new Set(["00", "11", "22", "33", "44"]));
  });

  it("sends all of it again when other bytes came than were announced", async () => {
    const memory = new BegunUploads(shelf());
    const { carrier } = server({
      complete: async () => {
        throw new Refused("other bytes");
      },
    });
    const upload = new FileUpload(file(), "usr_1", carrier, memory);
    expect(await upload.run()).toBeUndefined();
    expect(upload.current()).toMatchObject({ phase: "failed", problem: "other bytes" });
    expect(memory.of("usr_1")[0]?.sent).toEqual([]);
  });

  it("has nothing to send of a file that is there already", async () => {
    const memory = new BegunUploads(shelf());
    await new FileUpload(file(), "usr_1", server().carrier, memory).run();
    const again = server();
    expect(await new FileUpload(file(), "usr_1", again.carrier, memory).run()).toBe("upl_1");
    expect(again.keys).toEqual([]);
  });

  it("forgets an upload that the server knows no more", async () => {
    const memory = new BegunUploads(shelf());
    const { carrier } = server();
    carrier.announce = async () => {
      throw new Refused("it has expired");
    };
    await new FileUpload(file(), "usr_1", carrier, memory).run();
    expect(memory.of("usr_1")).toEqual([]);
  });
});

describe("what was begun", () => {
  it("belongs to one user, and is over after a day", () => {
    let now = 0;
    const memory = new BegunUploads(shelf(), () => now);
    const mine = { owner: "usr_1", filename: "a.csv", size: 1, sha256: "abc" };
    memory.keep({ ...memory.recall(mine), sent: [1] });
    expect(memory.recall(mine).sent).toEqual([1]);
    expect(memory.recall({ ...mine, owner: "usr_2" }).sent).toEqual([]);
    expect(memory.of("usr_2")).toEqual([]);
    now = 23 * 3_600_000;
    expect(memory.of("usr_1")).toEqual([]);
  });
});
