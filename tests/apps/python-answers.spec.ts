import assert from "node:assert/strict";
import * as z from "zod";
import { serviceApp } from "../../apps/kit/app";
import { defineService, readThrottle, writeThrottle } from "../../apps/kit/contract";
import { createLogger } from "../../apps/kit/log";
import { getOrNotFound, paging } from "../../apps/kit/repository";
import { itemId, pageOf, pageParameters, text } from "../../apps/kit/schemas";
import { pythonApp } from "./helpers/python-apps";
import { MemoryItems } from "./helpers/services";

const fields = {
  product: itemId,
  rating: z.int().min(1).max(5),
  title: text(120),
  text: text(2_000).optional(),
  author: text(80),
};
const stored = z.strictObject({ id: itemId, ...fields });
const write = { access: "write", throttle: writeThrottle, answer: stored, summary: "Stores a review" } as const;
const read = { method: "GET", access: "open", throttle: readThrottle, summary: "Reads reviews" } as const;
const one = "/reviews/reviews/{id}";
/** The contract of the reviews as a service in TypeScript has one: by the schemas of the kit. */
const contract = defineService({
  name: "reviews",
  title: "Reviews",
  port: 8085,
  table: { hashKey: "id", indexes: [{ name: "by-product", hashKey: "product" }] },
  routes: {
    "put-review": { ...write, method: "PUT", path: one, body: z.strictObject({ id: itemId.optional(), ...fields }) },
    "post-review": {
      ...write,
      method: "POST",
      path: "/reviews/reviews",
      body: z.strictObject(fields),
      idempotency: { required: true },
    },
    "get-review": { ...read, path: one, answer: stored },
    "list-reviews": {
      ...read,
      path: "/reviews/reviews",
      query: z.strictObject({ product: itemId, ...pageParameters }),
      answer: pageOf(stored),
    },
  },
});
const review = { product: "apple-1", rating: 4, title: "Crisp", author: "Ada" };

/** The reviews in TypeScript. */
function inTypeScript(items: MemoryItems, timeout: number) {
  const handlers = {
    "put-review": ({ params, body }: any) => items.put({ ...body, id: params.id }),
    "post-review": ({ newId, body }: any) => items.put({ ...body, id: newId }),
    "get-review": ({ params }: any) => getOrNotFound(items, params.id),
    "list-reviews": ({ query }: any) =>
      items.list({ index: "by-product", key: "product", value: query.product, ...paging(query) } as never),
  };
  const log = createLogger({ service: "reviews", write: () => {} });
  const idempotency = { run: (_: unknown, work: () => Promise<any>) => work() };
  return serviceApp(
    contract,
    { items, log, requestTimeoutSeconds: timeout, corsOrigins: [], idempotency },
    handlers as never,
  );
}

/** The same service in both languages; each has items of its own. */
function both(prepare: (items: MemoryItems) => void = () => {}, timeout = 10) {
  const items = [new MemoryItems(), new MemoryItems()] as const;
  items.forEach(prepare);
  const python = pythonApp("reviews", {
    ...{ items: items[1], level: "error" as const, requestTimeoutSeconds: timeout, write: () => {} },
  });
  const apps = [inTypeScript(items[0], timeout), python];
  return async (path: string, init: RequestInit = {}) => {
    const answers = await Promise.all(
      apps.map(async (app) => {
        const answer = await app.request(path, init);
        const { "x-request-id": _, ...headers } = Object.fromEntries(answer.headers);
        return { status: answer.status, text: await answer.text(), headers };
      }),
    );
    return [answers[0]!, answers[1]!] as const;
  };
}

const json = { "content-type": "application/json" };
const put = (body: unknown, headers: Record<string, string> = json): RequestInit => ({
  ...{ method: "PUT", headers, body: typeof body === "string" ? body : JSON.stringify(body) },
});
const post = (headers: Record<string, string>, body: object = review): RequestInit => ({
  ...{ method: "POST", headers: { ...json, ...headers }, body: JSON.stringify(body) },
});
const deep = (levels: number) => `${"[".repeat(levels)}${"]".repeat(levels)}`;

/** Requests that are refused, and some that are not, by what is special in them. */
const requests: Readonly<Record<string, readonly [path: string, init?: RequestInit]>> = {
  "an item": ["/reviews/reviews/a-1", put(review)],
  "an item with its id": ["/reviews/reviews/a-1", put({ ...review, id: "a-1" })],
  "another id": ["/reviews/reviews/a-1", put({ ...review, id: "a-2" })],
  "an id that is no text": ["/reviews/reviews/a-1", put({ ...review, id: 1 })],
  "an item that is not there": ["/reviews/reviews/none"],
  "an unknown path": ["/reviews/none"],
  "an unknown method": ["/reviews/reviews/a-1", { method: "PATCH" }],
  "an id of dots": ["/reviews/reviews/%2e%2e%2e"],
  "a long id": [`/reviews/reviews/${"a".repeat(129)}`],
  "an id with a blank": ["/reviews/reviews/a%20b"],
  "a path that is no UTF-8": ["/reviews/reviews/%ff"],
  health: ["/reviews/healthz"],
  "no content type": ["/reviews/reviews/a-1", put(review, {})],
  "another content type": ["/reviews/reviews/a-1", put(review, { "content-type": "text/plain" })],
  "another character set": [
    "/reviews/reviews/a-1",
    put(review, { "content-type": "application/json; charset=latin1" }),
  ],
  "a compressed body": ["/reviews/reviews/a-1", put(review, { ...json, "content-encoding": "gzip" })],
  "no JSON": ["/reviews/reviews/a-1", put("{")],
  "an empty body": ["/reviews/reviews/a-1", put("")],
  "a byte order mark": ["/reviews/reviews/a-1", put(`\ufeff${JSON.stringify(review)}`)],
  "deep JSON": ["/reviews/reviews/a-1", put(deep(33))],
  "JSON that is as deep as may be": ["/reviews/reviews/a-1", put(deep(32))],
  "a prototype": ["/reviews/reviews/a-1", put('{"__proto__":{}}')],
  "a number that is not exact": ["/reviews/reviews/a-1", put('{"rating":9007199254740993}')],
  "a body that is too large": ["/reviews/reviews/a-1", put({ ...review, text: "a".repeat(262_144) })],
  "a list": ["/reviews/reviews/a-1", put([])],
  null: ["/reviews/reviews/a-1", put("null")],
  "a text": ["/reviews/reviews/a-1", put('"a"')],
  "nothing in it": ["/reviews/reviews/a-1", put({})],
  "an unknown field": ["/reviews/reviews/a-1", put({ ...review, tenantId: "x" })],
  "fields of other types": ["/reviews/reviews/a-1", put({ product: 1, rating: "4", title: [], author: {} })],
  "null in each field": ["/reviews/reviews/a-1", put({ product: null, rating: null, title: null, author: null })],
  "true in each field": ["/reviews/reviews/a-1", put({ product: true, rating: true, title: true, author: true })],
  "a rating of 0": ["/reviews/reviews/a-1", put({ ...review, rating: 0 })],
  "a rating of 6": ["/reviews/reviews/a-1", put({ ...review, rating: 6 })],
  "a rating of 4.5": ["/reviews/reviews/a-1", put({ ...review, rating: 4.5 })],
  "a rating of 4.0": ["/reviews/reviews/a-1", put(JSON.stringify(review).replace("4", "4.0"))],
  "an empty title": ["/reviews/reviews/a-1", put({ ...review, title: "" })],
  "a long title": ["/reviews/reviews/a-1", put({ ...review, title: "a".repeat(121) })],
  "a title of astral characters": ["/reviews/reviews/a-1", put({ ...review, title: "\u{1f34e}".repeat(60) })],
  "a longer one": ["/reviews/reviews/a-1", put({ ...review, title: "\u{1f34e}".repeat(61) })],
  "a control character": ["/reviews/reviews/a-1", put({ ...review, title: "a\u0007" })],
  "a line feed at the end": ["/reviews/reviews/a-1", put({ ...review, title: "a\n" })],
  "a bidirectional override": ["/reviews/reviews/a-1", put({ ...review, title: "a\u202e" })],
  "a product that is no id": ["/reviews/reviews/a-1", put({ ...review, product: "a b" })],
  "many problems": ["/reviews/reviews/a-1", put({ product: "", rating: 9, title: "", text: "", author: "", more: 1 })],
  "a list of reviews": ["/reviews/reviews?product=apple-1"],
  "no product": ["/reviews/reviews"],
  "two products": ["/reviews/reviews?product=a&product=b"],
  "an unknown parameter": ["/reviews/reviews?product=a&other=1"],
  "a limit of 0": ["/reviews/reviews?product=a&limit=0"],
  "a limit of 101": ["/reviews/reviews?product=a&limit=101"],
  "no key": ["/reviews/reviews", post({ "x-subject": "ada" })],
  "an empty key": ["/reviews/reviews", post({ "x-subject": "ada", "idempotency-key": "" })],
  "a key with a blank": ["/reviews/reviews", post({ "x-subject": "ada", "idempotency-key": "a b" })],
  "a key of 129 letters": ["/reviews/reviews", post({ "x-subject": "ada", "idempotency-key": "a".repeat(129) })],
  "a key without a caller": ["/reviews/reviews", post({ "idempotency-key": "a" })],
  "a key whose caller is no name": ["/reviews/reviews", post({ "x-subject": "a b", "idempotency-key": "a" })],
  "a key and a body with an id": ["/reviews/reviews", post({ "x-subject": "ada" }, { ...review, id: "a-1" })],
};

describe("a service in Python and the same one in TypeScript", () => {
  for (const [what, [path, init]] of Object.entries(requests)) {
    it(`answer the same to ${what}`, async () => {
      const [typescript, python] = await both()(path, init);
      assert.deepEqual(python, typescript);
    });
  }

  it("refuse most of these, each with more than one code", async () => {
    const ask = both();
    const answers = await Promise.all(Object.values(requests).map(([path, init]) => ask(path, init)));
    const codes = answers.flatMap(([{ status, text }]) => (status === 200 ? [] : [JSON.parse(text).code]));
    assert.ok(codes.length > 40, String(codes.length));
    assert.ok(new Set(codes).size >= 12, [...new Set(codes)].join(", "));
  });

  it("say the same when storage fails, answers too late, or throws what nothing expects", async () => {
    const failing = [
      (items: MemoryItems) => {
        items.get = () => Promise.reject(new TypeError("a secret"));
      },
      (items: MemoryItems) => {
        items.get = () => new Promise(() => {});
      },
    ];
    for (const [i, prepare] of failing.entries()) {
      const [typescript, python] = await both(prepare, 0.2)("/reviews/reviews/a-1");
      assert.equal(typescript.status, [500, 503][i]);
      assert.deepEqual(python, typescript);
    }
  });

  it("make the same id of a key only where they are the same service: each language has ids of its own", async () => {
    const [typescript, python] = await both()("/reviews/reviews", post({ "x-subject": "ada", "idempotency-key": "a" }));
    for (const { status, text } of [typescript, python]) {
      assert.deepEqual([status, { ...JSON.parse(text), id: "" }], [200, { ...review, id: "" }]);
      assert.match(JSON.parse(text).id, /^[0-9a-f]{32}$/);
    }
  });
});
