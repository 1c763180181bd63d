import assert from "node:assert/strict";
import { parseRoutes, routeResource } from "../../../apps/authorizer/routes";

const parse = (table: unknown) => parseRoutes(JSON.stringify(table));

describe("routes by scope", () => {
  it("are read from JSON, and become parts of an execute-api ARN", () => {
    const table = { "": ["GET /a/{id}"], "a/write": ["PUT /a/{id}", "POST /a"], "a/admin": ["PUT /a/{id}"] };
    assert.deepEqual([...parse(table)], Object.entries(table));
    assert.deepEqual(["GET /a", "GET /a/{id}", "PUT /a/{id}/b/{other}", "GET /a/{proxy+}"].map(routeResource), [
      "GET/a",
      "GET/a/*",
      "PUT/a/*/b/*",
      "GET/a/*",
    ]);
  });

  it("are refused in one sentence when they are no table of routes", () => {
    for (const json of ["", "{", "null", "[]", "1", '"x"']) {
      assert.throws(
        () => parseRoutes(json),
        /^Error: ROUTES must be a JSON object of routes by scope.*correct ROUTES$/,
      );
    }
    const wrong: unknown[] = [
      "GET /a*",
      "GET a",
      "get /a",
      "OPTIONS /a",
      "GET /a?b",
      "GET /a b",
      "* /a",
      "GET /a\n",
      1,
      null,
      ["GET /a"],
    ];
    for (const route of wrong) assert.throws(() => parse({ "": [route] }), /must be a list such as.*correct ROUTES$/);
    for (const routes of ["GET /a", null, {}, 1]) assert.throws(() => parse({ "": routes }), /must be a list such as/);
    for (const scope of ["a b", 'a"', "a\\", "a\n", "x".repeat(129)]) {
      assert.throws(() => parse({ [scope]: ["GET /a"] }), /must be a list such as/, scope);
    }
  });

  it("are refused when one path fits two routes that need different scopes", () => {
    const two = (one: string, other: string) => ({ x: [one], y: [other] });
    for (const [one, other] of [
      ["GET /a/{id}", "GET /a/b"],
      ["GET /a/{id}", "GET /a/{id}/b"],
      ["GET /a/{proxy+}", "GET /a/b/c"],
      ["GET /{x}/b", "GET /a/{y}"],
      ["GET /{x}", "GET /a/b/c/d"],
    ] as const) {
      assert.throws(() => parse(two(one, other)), /must need the same scopes, got "x" and "y"/, `${one}, ${other}`);
      assert.throws(() => parse(two(other, one)), /must need the same scopes/);
      assert.doesNotThrow(() => parse({ x: [one, other] }));
      assert.doesNotThrow(() => parse({ x: [one, other], y: [other, one] }));
    }
    for (const [one, other] of [
      ["GET /a/{id}", "PUT /a/{id}"],
      ["GET /a/{id}", "GET /a"],
      ["GET /a/{id}", "GET /b/{id}"],
      ["GET /a/{id}/c", "GET /a/{id}/d"],
    ] as const) {
      assert.doesNotThrow(() => parse(two(one, other)), `${one}, ${other}`);
    }
  });

  it("are compared in little time", () => {
    const many = (scope: string) => Array.from({ length: 60 }, (_, i) => `GET /${scope}-${i}/{a}/{b}/{c}/{d}/e`);
    const started = performance.now();
    parse({ x: many("x"), y: many("y") });
    assert.ok(performance.now() - started < 2_000, `${performance.now() - started} ms`);
  });
});
