import { expect, it } from "vitest";
import { filterOf, isFiltered, onlyOpened } from "./auditFilter";

const NOTHING = {
  actorId: null,
  apiKeyId: null,
  action: null,
  subjectId: null,
  outcome: null,
  from: null,
  to: null,
};
const asked = (text: string) => new URLSearchParams(text);
const url = (text: string) => new URL(`http://shoal.test/admin/audit${text}`);

it("reads what is asked for, and leaves out what is not possible", () => {
  expect(filterOf(asked("actor=usr_1&action=publishModel&outcome=DENIED&subject=mdl_1"))).toEqual({
    ...NOTHING,
    actorId: "usr_1",
    action: "publishModel",
    outcome: "DENIED",
    subjectId: "mdl_1",
  });
  expect(filterOf(asked("outcome=WON&from=yesterday&to="))).toEqual(NOTHING);
});

it("takes times in the viewer's zone", () => {
  const { from } = filterOf(asked("from=2026-05-01T10:30"));
  expect(from).toBe(new Date(2026, 4, 1, 10, 30).toISOString());
});

it("knows when nothing is filtered, and when only an entry was opened", () => {
  expect(isFiltered(asked("open=7"))).toBe(false);
  expect(isFiltered(asked("open=7&actor=usr_1"))).toBe(true);
  expect(onlyOpened(url("?actor=a"), url("?actor=a&open=7"))).toBe(true);
  expect(onlyOpened(url("?actor=a&open=7"), url("?actor=b&open=8"))).toBe(false);
  expect(onlyOpened(url("?actor=a"), url("?actor=a"))).toBe(false);
});
