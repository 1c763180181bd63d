import assert from "node:assert/strict";
import * as z from "zod";
import { defineService, type RouteDefinition, writeThrottle } from "../../apps/kit/contract";
import { readInput } from "../../apps/kit/input";
import { itemChange } from "../../apps/kit/item-change";
import { healthAnswer } from "../../apps/kit/schemas";

const change = itemChange("food-store", z.object({ price: z.int() }));
const own = { access: "platform", throttle: writeThrottle, answer: healthAnswer, summary: "Notes" } as const;

const withDeliveries = (over: object) =>
  defineService({
    name: "shop",
    title: "Shop",
    port: 8090,
    table: { hashKey: "id", indexes: [] },
    routes: {
      note: { ...own, method: "POST", path: "/shop/changes", body: change },
      one: { ...own, method: "POST", path: "/shop/changes/{id}", body: change },
      bare: { ...own, method: "POST", path: "/shop/bare" },
      open: { ...own, access: "open", method: "POST", path: "/shop/open", body: change },
    },
    ...over,
  } as never);

describe("routes to which the platform hands messages", () => {
  it("are in no gateway, in no published document and in no list of what a gateway checks", () => {
    const service = withDeliveries({});
    assert.deepEqual(
      service.routes.map(({ id }) => id),
      ["open", "get-health", "probe-region"],
    );
    assert.deepEqual(Object.keys(service.openApi().paths), ["/shop/open", "/shop/healthz", "/shop/healthz/region"]);
    assert.deepEqual(Object.keys(service.requestShapes()), ["open", "get-health", "probe-region"]);
    assert.ok("note" in service.definitions);
  });

  it("are written out where a service consumes and where its bucket tells of uploads", () => {
    const { consumes, needs, publishes } = withDeliveries({
      publishes: true,
      consumes: { "food-store": { route: "note", kinds: ["created", "changed"] }, "pet-store": { route: "note" } },
      needs: { bucket: { expireAfterDays: 1, onUpload: { prefix: "in/", route: "note" } } },
    });
    const route = { method: "POST", path: "/shop/changes" };
    assert.equal(publishes, true);
    assert.deepEqual(consumes, [
      { service: "food-store", ...route, kinds: ["created", "changed"] },
      { service: "pet-store", ...route },
    ]);
    assert.deepEqual(needs.bucket, { expireAfterDays: 1, onUpload: { prefix: "in/", ...route } });
  });

  it("are refused when a gateway has them, or when they take no message", () => {
    const consuming = (route: string) => () => withDeliveries({ consumes: { "food-store": { route } } });
    const place = 'service "shop": consumes.food-store.route must be a';
    for (const id of ["open", "nothing"]) {
      assert.throws(consuming(id), {
        message: `${place} route with access "platform" (note, one, bare), got "${id}"; name one, or make one for it`,
      });
    }
    const rule = `${place} POST with a body and without path parameters, got POST`;
    assert.throws(consuming("one"), { message: `${rule} /shop/changes/{id}; correct the route one` });
    assert.throws(consuming("bare"), { message: `${rule} /shop/bare without body; correct the route bare` });
    assert.throws(() => withDeliveries({ consumes: { "food-store": { route: "note", kinds: [] } } }), {
      message:
        'service "shop": consumes.food-store.kinds must be different kinds of created, changed, deleted, got []; correct them, or leave kinds out for all',
    });
    const uploads = { bucket: { expireAfterDays: 1, onUpload: { prefix: "in/", route: "open" } } };
    assert.throws(() => withDeliveries({ needs: uploads }), /needs\.bucket\.onUpload\.route must be/);
  });
});

describe("the result of work", () => {
  const get = { method: "GET", summary: "Reads", throttle: writeThrottle, answer: healthAnswer } as const;
  const taking = (result: object) => {
    const work = {
      ...own,
      access: "write",
      method: "POST",
      path: "/shop/work",
      body: change,
      sample: { a: 1 },
    } as const;
    return withDeliveries({
      routes: {
        note: { ...own, method: "POST", path: "/shop/changes", body: change },
        read: { ...get, access: "open", path: "/shop/results/{id}" },
        own: { ...get, access: "write", path: "/shop/own/{id}" },
        list: { ...get, access: "open", path: "/shop/results" },
      },
      work: { take: { ...work, route: "note", result } },
      needs: { tables: { results: { hashKey: "id" } } },
    }).workRoutes;
  };

  it("is the path that reads it, and its table", () => {
    const [{ deliverTo, sample, result }] = taking({ route: "read", table: "results" }) as [any];
    assert.deepEqual(deliverTo, { method: "POST", path: "/shop/changes" });
    assert.deepEqual([sample, result], [{ a: 1 }, { path: "/shop/results/{id}", table: "results" }]);
  });

  it("is refused without such a route, or table", () => {
    for (const route of ["own", "list", "note", "nothing"]) {
      assert.throws(() => taking({ route, table: "results" }), {
        message: `service "shop": work.take.result.route must be an open GET with one path parameter, got "${route}"; name the route that reads what became of a message`,
      });
    }
    assert.throws(() => taking({ route: "read", table: "others" }), {
      message:
        'service "shop": work.take.result.table must be one of needs.tables (results), got "others"; name the table of the results',
    });
  });
});

describe("the message of a change", () => {
  const message = {
    id: "apple-1",
    service: "food-store",
    kind: "changed",
    item: { price: 120 },
    at: "2026-11-28T06:00:00.000Z",
    version: 1,
    region: "eu-west-1",
  };

  it("is read without the fields that its consumer does not know", () => {
    const read = change.parse({ ...message, added: true, item: { price: 120, name: "Apple" } });
    assert.deepEqual(read, message);
  });

  it("has an id of its own, which no path repeats", async () => {
    const request = {
      param: () => ({}),
      queries: () => ({}),
      raw: new Request("https://localhost/shop/changes", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(message),
      }),
    };
    const route = withDeliveries({}).definitions["note" as never] as RouteDefinition;
    assert.deepEqual(await readInput(route, request as never), { params: {}, query: undefined, body: message });
  });

  it("is refused from another service, and without a version", () => {
    for (const wrong of [{ service: "pet-store" }, { version: undefined }, { kind: "moved" }, { region: "" }]) {
      assert.equal(change.safeParse({ ...message, ...wrong }).success, false);
    }
  });
});
