import assert from "node:assert/strict";
import * as z from "zod";
import { catalog } from "../../apps/catalog";
import type { RouteDefinition } from "../../apps/kit/contract";
import { expectedOf } from "../../cli/verify/expected";
import type { Question } from "../../verify/ask";
import { NotRun, type Session } from "../../verify/check";
import { issuerChecks } from "../../verify/checks/issuers";
import { changed } from "../../verify/checks/keys";
import { legacyChecks } from "../../verify/checks/open-routes";
import { writeChecks } from "../../verify/checks/writes";
import { MarkedItems } from "../../verify/marked-items";
import { definitionOf, type ServiceStory, storyOf } from "../../verify/story";
import type { Target } from "../../verify/target";

const door = { label: "global", name: "api.dev.example.com", origin: "http://127.0.0.1:9" };

/** A run in dev whose requests are collected and answered 503. */
function run(expected = expectedOf("dev")) {
  const asked: Question[] = [];
  const session = {
    ask: async (_: unknown, question: Question) => {
      asked.push(question);
      return { status: 503, headers: {}, text: "", json: undefined };
    },
    token: async () => "token",
    items: new MarkedItems(),
    signal: new AbortController().signal,
  } as unknown as Session;
  const target = {
    expected,
    global: door,
    regions: { "eu-west-1": door },
    tables: { remove: async () => {} },
  } as unknown as Target;
  const checksOf = (name: string) =>
    writeChecks(target, door, storyOf(expected.services.find((each) => each.name === name)!));
  return { asked, session, checksOf };
}

describe("items that a sample names", () => {
  it("are in it, each of another service that is called", () => {
    for (const { name, calls, definitions } of Object.values(catalog)) {
      for (const { sample, sampleItems = {} } of Object.values<RouteDefinition>(definitions)) {
        assert.deepEqual(
          Object.keys(sampleItems).filter((callee) => !(callee in calls)),
          [],
          name,
        );
        const ids = Object.values(sampleItems);
        assert.equal(new Set(ids).size, ids.length);
        for (const id of ids) assert.ok(JSON.stringify(sample).includes(`"${id}"`), id);
      }
    }
  });

  it("are those that the run has stored, so that a run touches no item of anybody else", async () => {
    const { asked, session, checksOf } = run();
    const [food, pet, quote] = ["food-store", "pet-store", "price-calculator"].map((name) => checksOf(name)[0]!);
    await assert.rejects(
      quote!.run(session),
      new NotRun("no item of food-store was stored, which this one would name"),
    );
    assert.equal(asked.length, 0);
    for (const check of [food!, pet!, quote!]) await check.run(session);
    const { sample } = definitionOf("price-calculator", "put-quote");
    const id = session.items.all[0]!.id;
    const text = JSON.stringify(sample).replaceAll(/"(apple|rex)-1"/g, JSON.stringify(id));
    assert.deepEqual(asked.at(-1)!.body, JSON.parse(text));
  });

  it("are asked for only where the environment lets them be stored", () => {
    const { services, ...expected } = expectedOf("dev");
    const without = services.map((service) => ({
      ...service,
      routes: service.routes.filter(({ id }) => id !== "put-food"),
    }));
    const { checksOf } = run({ ...expected, services: without });
    assert.deepEqual([checksOf("price-calculator"), checksOf("pet-store").length], [[], 2]);
  });
});

describe("a legacy route", () => {
  const throttle = { rate: 1, burst: 1 };
  const problem = async (route: object, status: number, json: unknown = {}) => {
    const legacy = [{ id: "get-rates", method: "GET", path: "/shipping/rates", scopes: [], throttle, ...route }];
    const [check] = legacyChecks(door, { name: "shipping", legacy } as unknown as ServiceStory, false);
    const ask = async () => ({ status, headers: {}, text: JSON.stringify(json), json });
    return check!.run({ ask } as unknown as Session);
  };

  it("without parameters must be answered 2xx; with them, or when it changes something, the endpoint may refuse", async () => {
    const found = { [200]: undefined, [404]: "404 {}", [401]: "401 {}", [502]: "502 {}" };
    for (const [status, got] of Object.entries(found)) assert.equal(await problem({}, Number(status)), got);
    for (const route of [{ path: "/shipping/rates/{id}" }, { method: "POST" }]) {
      assert.equal(await problem(route, 404), undefined);
      assert.equal(await problem(route, 404, { message: "Not Found" }), '404 {"message":"Not Found"}');
      assert.equal(await problem(route, 500), "500 {}");
    }
  });

  it("that needs a token must be refused without one", async () => {
    const scopes = ["shipping/write"];
    assert.equal(await problem({ scopes }, 401, { message: "Unauthorized" }), undefined);
    assert.equal(await problem({ scopes }, 200), "200 {}");
  });
});

describe("the other body that a key is refused for", () => {
  const line = z.strictObject({ kind: z.enum(["food", "pet"]), id: z.string().max(8) });

  it("is valid, and differs in one place, whether there are numbers or not", () => {
    const numbers = z.strictObject({ percent: z.int().max(100) });
    assert.deepEqual(changed({ percent: 19 }, numbers), { percent: 20 });
    assert.deepEqual(changed({ percent: 100 }, numbers), { percent: 99 });
    assert.deepEqual(changed({ kind: "food", id: "apple" }, line), { kind: "food", id: "apple2" });
    const lines = z.strictObject({ lines: z.array(z.strictObject({ gift: z.boolean() })) });
    assert.deepEqual(changed({ lines: [{ gift: true }] }, lines), { lines: [{ gift: false }] });
    for (const { name, definitions } of Object.values(catalog)) {
      for (const [id, { idempotency, sample, body }] of Object.entries<RouteDefinition>(definitions)) {
        if (idempotency) assert.notDeepEqual(changed(sample, body!), sample, `${name}/${id}`);
      }
    }
  });

  it("is missing where nothing can be changed, and the check says so", () => {
    assert.throws(() => changed({ kind: "food", id: "eight888" }, line), NotRun);
    assert.throws(() => changed({}, z.strictObject({})), NotRun);
  });
});

describe("the token of an issuer", () => {
  it("is proven by nothing when it is missing or no JWT, so that the run says so", async () => {
    const { session } = run();
    const expected = { ...expectedOf("dev"), issuers: [{ name: "corporate" }] };
    const story = storyOf(expected.services.find(({ name }) => name === "shipping")!);
    const reasonWith = async (issuerTokens: Target["issuerTokens"]) => {
      const [check] = issuerChecks({ expected, issuerTokens } as unknown as Target, door, story);
      const error = await check!.run(session).catch((thrown) => thrown);
      assert.ok(error instanceof NotRun, String(error));
      return error.message;
    };
    assert.equal(await reasonWith({}), "no token of corporate; set PLATFORM_ISSUER_TOKEN_CORPORATE");
    assert.equal(
      await reasonWith({ corporate: "opaque" }),
      "the token of corporate is no JWT; set PLATFORM_ISSUER_TOKEN_CORPORATE to an access token",
    );
  });
});
