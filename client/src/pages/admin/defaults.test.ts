import { expect, it } from "vitest";
import { defaultsOf } from "./defaults";

it("takes no quota that was chosen for one user", () => {
  const chosen = { kind: "STORAGE_BYTES", limit: 5, isDefault: false } as const;
  const usual = { kind: "STORAGE_BYTES", limit: 9, isDefault: true } as const;
  const jobs = { kind: "JOBS_AT_ONCE", limit: 3, isDefault: false } as const;
  expect(defaultsOf([{ quotas: [usual, jobs] }, { quotas: [chosen] }, { quotas: null }])).toEqual([
    usual,
  ]);
});
