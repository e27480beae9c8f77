/** The examples: a document each, listed in manifest.json with the variables that it takes. */

import type { TypedDocumentNode } from "@apollo/client";
import type { GraphiQLProps } from "graphiql";
import { parse } from "graphql";
import { post } from "../../api/post";
import { bearer } from "./caller";
import manifest from "./examples/manifest.json";
import { fill, type Ids, idsFrom, type Source } from "./fill";
import newest from "./newest.graphql?raw";

type Tab = NonNullable<GraphiQLProps["defaultTabs"]>[number];

export interface Example {
  /** Of its operation and of its file. */
  name: string;
  /** What it shows: the comment that its file begins with. */
  about: string;
  document: string;
  variables?: unknown;
  isForAdmins: boolean;
}

interface Listed {
  name: string;
  variables?: unknown;
  role?: string;
}

const FILES = import.meta.glob<string>("./examples/*.graphql", {
  query: "?raw",
  import: "default",
  eager: true,
});
const SOURCES: Record<string, Source> = manifest.ids;
const NEWEST = parse(newest) as TypedDocumentNode<unknown, Record<string, never>>;

export const GROUPS: readonly { title: string; examples: readonly Example[] }[] =
  manifest.groups.map(({ title, examples }) => ({ title, examples: examples.map(exampleOf) }));

function exampleOf({ name, variables, role }: Listed): Example {
  const document = FILES[`./examples/${name}.graphql`];
  if (document === undefined) throw new Error(`there is no examples/${name}.graphql`);
  const about = /^(?:#.*\n)+/.exec(document)?.[0].replace(/^# ?/gm, "").trim() ?? "";
  return { name, about, document, variables, isForAdmins: role === "ADMIN" };
}

/** The tabs of a first visit: the main job, step by step. */
export async function firstTabs(): Promise<Tab[]> {
  const all = GROUPS.flatMap(({ examples }) => examples);
  const ids = await currentIds([]);
  return manifest.first.flatMap((name) => {
    const example = all.find((each) => each.name === name);
    return example ? [tabOf(example, ids)] : [];
  });
}

/** With the caller's newest ids; `answers` are what was answered so far, latest first. */
export async function openedTab(example: Example, answers: readonly string[]): Promise<Tab> {
  return tabOf(example, await currentIds(answers));
}

function tabOf({ document, variables }: Example, ids: Ids): Tab {
  const filled = variables === undefined ? null : JSON.stringify(fill(variables, ids), null, 2);
  return { query: document, variables: filled };
}

/** A caller who may not READ sees where ids belong. */
async function currentIds(answers: readonly string[]): Promise<Ids> {
  const data = await post(NEWEST, {}, { token: await bearer() }).catch(() => undefined);
  return idsFrom(SOURCES, data, answers);
}
