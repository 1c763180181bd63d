import assert from "node:assert/strict";
import fc from "fast-check";
import { pathParameters, Router } from "../../../../local/apigateway/http/router";

const routerOf = (...keys: string[]) => new Router(keys.map((key) => ({ key })));
const chosen = (keys: readonly string[], method: string, path: string) =>
  routerOf(...keys).match(method, path)?.route.key;

describe("gateway: router", () => {
  for (const [fact, keys, method, path, expected] of [
    ["a full match beats a greedy one", ["GET /a/{proxy+}", "GET /a/{id}"], "GET", "/a/1", "GET /a/{id}"],
    ["ANY with a full match beats a greedy exact method", ["GET /{proxy+}", "ANY /a"], "GET", "/a", "ANY /a"],
    ["a greedy match beats $default", ["$default", "ANY /{proxy+}"], "GET", "/a/b", "ANY /{proxy+}"],
    [
      "an exact method beats ANY before the path is compared",
      ["ANY /a/b", "GET /{x}/{y}"],
      "GET",
      "/a/b",
      "GET /{x}/{y}",
    ],
    ["a literal beats a parameter from left to right", ["GET /{x}/b", "GET /a/{y}"], "GET", "/a/b", "GET /a/{y}"],
    ["the longer greedy route wins", ["GET /{proxy+}", "GET /a/{proxy+}"], "GET", "/a/b/c", "GET /a/{proxy+}"],
    ["backtracks out of a literal that leads nowhere", ["GET /a/b/c", "GET /{x}/b/d"], "GET", "/a/b/d", "GET /{x}/b/d"],
    ["another method is no match", ["GET /a"], "POST", "/a", undefined],
    ["{proxy+} needs a segment", ["GET /a/{proxy+}"], "GET", "/a", undefined],
    ["{proxy+} needs more than a slash", ["GET /a/{proxy+}"], "GET", "/a/", undefined],
    ["a parameter is never empty", ["GET /a/{id}/b"], "GET", "/a//b", undefined],
    ["a slash at the end is another path", ["GET /a"], "GET", "/a/", undefined],
    ["case matters", ["GET /a"], "GET", "/A", undefined],
    ["the root is a path", ["GET /", "$default"], "GET", "/", "GET /"],
    ["an encoded literal is the literal", ["PUT /foods", "ANY /{proxy+}"], "PUT", "/f%6Fods", "PUT /foods"],
    ["an encoded slash ends a segment", ["GET /a/{id}", "GET /a/{x}/{y}"], "GET", "/a/b%2Fc", "GET /a/{x}/{y}"],
    ["an encoded slash is a slash to a longer path", ["GET /a/{id}"], "GET", "/a/b%2fc", undefined],
    ["a slash that is encoded twice is text", ["GET /a/{id}"], "GET", "/a/b%252Fc", "GET /a/{id}"],
    ["nothing is decoded twice", ["GET /a", "$default"], "GET", "/%2561", "$default"],
    ["bad percent-encoding is only text", ["GET /{id}"], "GET", "/%zz%ff", "GET /{id}"],
    ["names of object prototypes are only names", ["GET /a"], "GET", "/__proto__", undefined],
  ] as const) {
    it(fact, () => assert.equal(chosen(keys, method, path), expected));
  }

  it("decodes path parameters once", () => {
    const parameters = (key: string, path: string) => pathParameters({ key }, path.split("/"));
    assert.deepEqual(parameters("GET /a/{x}/{proxy+}", "/a/1%252F/b/c%20d"), { x: "1%2F", proxy: "b/c d" });
    assert.deepEqual(parameters("GET /{x}", "/%zz"), { x: "%zz" });
    assert.equal(parameters("GET /a", "/a"), undefined);
    assert.equal(parameters("$default", "/a"), undefined);
  });

  it("refuses two routes that match the same requests", () => {
    assert.throws(() => routerOf("GET /{a}", "GET /{b}"), /routes "GET \/\{a\}" and "GET \/\{b\}" match the same/);
  });

  it("agrees with a slow oracle on any routes and paths", () => {
    const literal = fc.constantFrom("a", "b", "c");
    const segment = fc.oneof(literal, fc.constant("{p}"));
    const path = fc
      .tuple(fc.array(segment, { maxLength: 4 }), fc.boolean())
      .map(([segments, greedy]) => `/${[...segments, ...(greedy ? ["{proxy+}"] : [])].join("/")}`);
    const key = fc.oneof(
      { weight: 12, arbitrary: fc.tuple(fc.constantFrom("GET", "PUT", "ANY"), path).map((parts) => parts.join(" ")) },
      { weight: 1, arbitrary: fc.constant("$default") },
    );
    const keys = fc.uniqueArray(key, { maxLength: 12 });
    const asked = fc.array(fc.oneof(literal, fc.constant(""), fc.constant("d")), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(keys, fc.constantFrom("GET", "PUT", "POST"), asked, (all, method, segments) => {
        const wanted = `/${segments.join("/")}`;
        assert.equal(chosen(all, method, wanted), oracle(all, method, wanted));
      }),
      { numRuns: 3_000 },
    );
  });
});

/** Sorts every match by what the documentation says, criterion by criterion. */
function oracle(keys: readonly string[], method: string, path: string): string | undefined {
  const matches = keys.filter((key) => {
    if (key === "$default") return true;
    const [routeMethod = "", template = ""] = key.split(" ");
    const form = template.replace(/\{proxy\+\}/g, ".+").replace(/\{p\}/g, "[^/]+");
    return ["ANY", method].includes(routeMethod) && new RegExp(`^${form}$`).test(path);
  });
  const rank = (key: string) => [
    key === "$default" ? 2 : key.endsWith("+}") ? 1 : 0,
    key.startsWith("ANY ") ? 1 : 0,
    ...key.split("/").map((segment) => (segment.endsWith("+}") ? 2 : segment.startsWith("{") ? 1 : 0)),
  ];
  const compare = (a: string, b: string) => {
    const [x, y] = [rank(a), rank(b)];
    const at = x.findIndex((value, i) => value !== y[i]);
    return at < 0 ? 0 : x[at]! - (y[at] ?? 0);
  };
  return [...matches].sort(compare)[0];
}
