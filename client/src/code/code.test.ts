import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { apolloOf } from "./apollo";
import { curlOf } from "./curl";
import { only } from "./operation";
import { pythonOf } from "./python";

const DOCUMENT = `query Predict($input: PredictInput!) {
  predict(input: $input) { predictions { label } }
}`;

const NASTY = [
  `it's "quoted" and \\backslashed\\`,
  "two\nlines\r\nand a\ttab",
  "JSON\nJSON",
  "$HOME `whoami` $(id) !history $" + "{x}",
  "'''\"\"\"'; rm -rf / #",
  "</script> %s {0} \\u0041 \\n",
  "Привет 💳 👍🏽 \u2028 \u0000 \u007f",
  "\ud83d",
  "",
];

const request = (texts: readonly string[]) => ({
  url: "http://127.0.0.1:8000/graphql?it's=1",
  document: DOCUMENT,
  variables: { input: { model: "m", texts, topK: 3, deep: { yes: true, no: false, none: null } } },
});

/** What a program would send, by running it with its way into the network replaced. */
function run(command: string, ...args: string[]): unknown {
  return JSON.parse(execFileSync(command, args, { encoding: "utf8" }));
}

const sent = (asked: ReturnType<typeof request>) => ({
  query: asked.document,
  variables: asked.variables,
});

describe("a call as a program", () => {
  const asked = request(NASTY);

  it("in curl carries every text whole through the shell", () => {
    const told = run("bash", "-c", `curl() { cat; }\n${curlOf(asked)}`);
    expect(told).toEqual(sent(asked));
  });

  it("in curl goes where it should", () => {
    const show = `curl() { cat > /dev/null; printf '["%s"]' "$2"; }\n`;
    expect(run("bash", "-c", show + curlOf(asked))).toEqual([asked.url]);
  });

  it("in Python carries every text whole", () => {
    const stub = `
import os, io, json, urllib.request
os.environ["SHOAL_API_KEY"] = "key"
def sent(request):
    told = json.loads(request.data)
    told["query"] = told["query"].strip()
    return io.BytesIO(json.dumps([request.full_url, told]).encode())
urllib.request.urlopen = sent
`;
    expect(run("python3", "-c", stub + pythonOf(asked))).toEqual([asked.url, sent(asked)]);
  });

  it("in Python also when the document has signs of Python's own", () => {
    const odd = { ...request([]), document: 'query { a(b: "\\"") }' };
    const stub = `
import os, io, json, urllib.request
os.environ["SHOAL_API_KEY"] = "key"
urllib.request.urlopen = lambda request: io.BytesIO(request.data)
`;
    expect(run("python3", "-c", stub + pythonOf(odd))).toEqual(sent(odd));
  });

  it("for Apollo carries every text whole", async () => {
    const odd = { ...asked, document: 'query { a(b: "\\"", c: "`$' + '{x}`") }' };
    for (const each of [asked, odd]) {
      let told: { query: string; variables: unknown } | undefined;
      const made = {
        ApolloClient: class {
          query(options: { query: string; variables: unknown }) {
            told = options;
            return Promise.resolve({ data: null });
          }
        },
        InMemoryCache: class {},
        HttpLink: class {},
        gql: ([text = ""]: TemplateStringsArray) => text.replace(/^ {4}/gm, "").trim(),
      };
      const program = apolloOf(each).replace(/^import .*\n/, "");
      const names = Object.keys(made);
      const body = `return (async () => {${program}})()`;
      await new Function(...names, "process", "console", body)(
        ...Object.values(made),
        { env: {} },
        { log() {} },
      );
      expect(told).toEqual(sent(each));
    }
  });

  it("changes what a mutation changes, in Apollo", () => {
    const program = apolloOf({ ...request([]), document: "mutation M { signOut { userErrors } }" });
    expect(program).toContain("await client.mutate({\n  mutation: gql`");
  });

  it("follows a subscription", () => {
    const follow = { ...request(NASTY), document: "subscription S { system { at } }" };
    const show = `curl() { printf '%s\\n' "$@" | grep -c event-stream > /dev/null && cat; }\n`;
    expect(run("bash", "-c", show + curlOf(follow))).toEqual(sent(follow));
    const stub = `
import os, io, json, urllib.request
os.environ["SHOAL_API_KEY"] = "key"
def stream(request):
    assert request.get_header("Accept") == "text/event-stream"
    return io.BytesIO(b"event: next\\ndata: " + json.dumps({"at": 1}).encode() + b"\\n\\n:\\n\\n")
urllib.request.urlopen = stream
`;
    expect(run("python3", "-c", stub + pythonOf(follow))).toEqual({ at: 1 });
    const program = apolloOf(follow);
    expect(program).toContain('url: "ws://127.0.0.1:8000/graphql');
    expect(program).toContain("client.subscribe({\n  query: gql`");
  });

  it("is of one operation of many", () => {
    const many = "query A { a ...f } query B { b } fragment f on Query { c }";
    expect(only(many, "A")).toBe("query A {\n  a\n  ...f\n}\n\nfragment f on Query {\n  c\n}");
    expect(only("# kept\nquery A { a }", "A")).toBe("# kept\nquery A { a }");
    expect(only("query {", undefined)).toBe("query {");
  });

  it("never holds a key", () => {
    for (const program of [curlOf(asked), pythonOf(asked), apolloOf(asked)]) {
      expect(program).toContain("SHOAL_API_KEY");
      expect(program).not.toMatch(/shoal_[A-Za-z0-9]{8}/);
    }
  });
});
