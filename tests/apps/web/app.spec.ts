import assert from "node:assert/strict";
import { catalog } from "../../../apps/catalog";
import { exampleId, operationsOf, tasksOf } from "../../../apps/web/document";
import { explain } from "../../../apps/web/explain";
import { type Answer, originOf, send } from "../../../apps/web/request";
import { ceilingOf, failuresOf, sampleCount, stretchesOf, summaryOf, withSample } from "../../../apps/web/samples";
import { emptyOf, labelOf, withProperty } from "../../../apps/web/schema";
import { exampleValues, headersOf, targetOf } from "../../../apps/web/values";

const answered: Answer = {
  ...{ method: "PUT", path: "/food-store/foods/a", signed: false, status: 200, milliseconds: 3, body: undefined },
  origin: {},
};
const person = { email: "ada@example.com", groups: [], scopes: [] };

describe("the web app's reading of documents", () => {
  it("finds for every service what stores and reads an item, with its example and an id for it", () => {
    const ids = Object.values(catalog).map((contract) => {
      const operations = operationsOf(contract.openApi() as never);
      assert.ok(operations.every(({ path }) => !path.includes("healthz")));
      const { store, read } = tasksOf(operations);
      assert.equal(read!.path, store!.path);
      assert.ok(Object.keys(store!.body!.example as object).length > 1, contract.name);
      return exampleId(store!);
    });
    // Those that examples of other services name.
    assert.deepEqual(ids, ["apple-1", "rex-1", "quote-1", "shipment-1", "review-1"]);
  });

  it("finds what lists items, where there is one, and which scopes an operation needs", () => {
    const listed = Object.values(catalog).filter(
      (contract) => tasksOf(operationsOf(contract.openApi() as never)).list !== undefined,
    );
    assert.deepEqual(
      listed.map(({ name }) => name),
      ["food-store", "pet-store", "shipping", "reviews"],
    );
    const [operation] = operationsOf({
      paths: { "/a/{id}": { put: { operationId: "x", security: [{ userPool: ["a/write"] }, { accessToken: [] }] } } },
    });
    assert.deepEqual(operation!.scopes, ["a/write"]);
  });

  it("replaces references by what they name", () => {
    const [operation] = operationsOf({
      paths: { "/a": { get: { operationId: "x", parameters: [{ $ref: "#/components/parameters/Limit" }] } } },
      components: {
        parameters: { Limit: { name: "limit", in: "query", schema: { $ref: "#/components/schemas/Count" } } },
        schemas: { Count: { type: "integer" } },
      },
    });
    assert.deepEqual(operation!.parameters, [
      { name: "limit", in: "query", required: false, schema: { type: "integer" } },
    ]);
  });
});

describe("the web app's words for an answer", () => {
  const explained = (status: number, more: Partial<Answer> = {}) =>
    explain({ ...answered, status, ...more }, { scopes: ["food-store/write"], person });

  it("say 401 plainly: without a token, and with one that is no longer accepted", () => {
    assert.match(explained(401).text, /needs a token with the scope food-store\/write/);
    assert.match(explained(401, { signed: true }).text, /Sign in again/);
    assert.equal(explained(401).help, "sign in");
  });

  it("say that a token is over and cannot be replaced while the sign-in is away", () => {
    const away = (signed: boolean) =>
      explain({ ...answered, status: 401, signed }, { scopes: ["food-store/write"], person, away: true });
    assert.match(away(true).text, /the sign-in cannot be reached to replace it\. You stay signed in/);
    assert.equal(away(true).help, undefined);
    assert.match(away(false).text, /needs a token/);
  });

  it("say 403 plainly: who lacks which group", () => {
    assert.equal(explained(403).title, "403 · not allowed");
    assert.match(explained(403).text, /^ada@example\.com has no group that grants the scope food-store\/write/);
    assert.equal(explained(403).help, "new token");
    assert.equal(explain({ ...answered, status: 403 }, { scopes: [], person: undefined }).help, undefined);
  });

  it("explain 429, a missing answer and the service's own message", () => {
    assert.match(explained(429).text, /limit, or a tenant used up its quota/);
    assert.equal(explained(0).kind, "failed");
    assert.deepEqual(explained(404, { body: { code: "not_found", message: "There is no food a" } }), {
      ...{ title: "404 · not found", kind: "refused", text: "There is no food a" },
    });
    assert.equal(explained(503).kind, "failed");
    assert.equal(explained(200).kind, "good");
  });
});

describe("the web app's requests", () => {
  const operations = operationsOf(catalog["price-calculator"].openApi() as never);
  const { store } = tasksOf(operations);
  const operation = (id: string) => operations.find((each) => each.id === id)!;

  it("have a new idempotency key where the operation needs one, so that the example is not refused", () => {
    const values = exampleValues(operation("post-quote"), store);
    const { "Idempotency-Key": key, ...others } = headersOf(operation("post-quote"), values);
    assert.match(key!, /^[0-9a-f-]{36}$/);
    assert.deepEqual(others, {});
    assert.notEqual(exampleValues(operation("post-quote"), store)["Idempotency-Key"], key);
  });

  it("have the session that a person enters, in its header and nowhere else", () => {
    const id = "A".repeat(43);
    const values = { ...exampleValues(operation("put-basket-line"), store), "Session-Id": id };
    assert.deepEqual(headersOf(operation("put-basket-line"), values), { "Session-Id": id });
    assert.equal(targetOf(operation("put-basket-line"), values), "/price-calculator/basket/lines/apple-1");
  });

  it("never throw: what is not answered has the status 0", async () => {
    const { status, body } = await send("http://127.0.0.1:1", { method: "GET", path: "/" });
    assert.deepEqual([status, body], [0, undefined]);
  });

  it("read where an answer came from, and nothing else of the header", () => {
    assert.deepEqual(originOf("region=eu-west-1, zone=eu-west-1a, server=4f21ab"), {
      ...{ region: "eu-west-1", zone: "eu-west-1a", server: "4f21ab" },
    });
    assert.deepEqual(originOf("region=eu-west-1, other=1, zone"), { region: "eu-west-1" });
    assert.deepEqual(originOf(null), {});
  });
});

describe("the web app's curve", () => {
  const ok = (milliseconds: number, region = "a") => ({ ok: true, milliseconds, region });
  const failed = { ok: false, milliseconds: 3_000 };

  it("breaks where a request failed, and changes where another region answers", () => {
    const pieces = stretchesOf([ok(5), ok(10), failed, ok(5), ok(5, "b")], 10);
    assert.deepEqual(
      pieces.map(({ region, points }) => [region, points.map(([, y]) => y)]),
      [
        ["a", [0.5, 0]],
        ["a", [0.5]],
        ["b", [0.5]],
      ],
    );
    assert.equal(failuresOf([ok(5), failed]).at(-1), 1);
  });

  it("has the newest sample at the right, and no more than it shows", () => {
    let samples: ReturnType<typeof withSample> = [];
    for (let i = 0; i < sampleCount + 5; i++) samples = withSample(samples, ok(i));
    assert.equal(samples.length, sampleCount);
    const [piece] = stretchesOf(samples);
    assert.deepEqual([piece!.points[0]![0], piece!.points.at(-1)![0]], [0, 1]);
  });

  it("has a round scale above the slowest answer", () => {
    assert.deepEqual(
      [[], [ok(3)], [ok(11)], [ok(20)], [ok(340)], [ok(1_001)]].map((samples) => ceilingOf(samples)),
      [10, 10, 20, 20, 500, 2_000],
    );
  });

  it("is said in words", () => {
    assert.equal(summaryOf([]), "Waiting for the first answer");
    assert.equal(summaryOf([ok(4), ok(8), failed, ok(6, "b")]), "3 answers, median 6 ms, 1 failure, from a, then b");
  });
});

describe("the web app's forms", () => {
  it("leave out what is not entered, and start a new entry with what a schema demands", () => {
    assert.deepEqual(withProperty({ a: 1, b: 2 }, "a", undefined), { b: 2 });
    assert.deepEqual(withProperty(undefined, "a", 1), { a: 1 });
    const schema = {
      type: "object",
      required: ["kind", "quantity"],
      properties: { kind: { enum: ["food", "pet"] }, quantity: { type: "integer", minimum: 1 }, note: {} },
    };
    assert.deepEqual(emptyOf(schema), { kind: "food", quantity: 1 });
  });

  it("have labels of words", () => {
    assert.deepEqual(["weightGrams", "id", "postal-code"].map(labelOf), ["Weight grams", "Id", "Postal code"]);
  });
});
