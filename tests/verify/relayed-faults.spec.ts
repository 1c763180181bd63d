import assert from "node:assert/strict";
import { catalog } from "../../apps/catalog";
import type { RouteDefinition } from "../../apps/kit/contract";
import { tlsChecks } from "../../verify/checks/tls";
import { verify } from "../../verify/run";
import type { Target } from "../../verify/target";
import { certificateFor } from "./helpers/certificate";
import { type Environment, plannedGraph, problems, problemsOf, startEnvironment } from "./helpers/environment";
import { type Intercept, type Relayed, type RunningProxy, startProxy } from "./helpers/proxy";

/** One fault between client and gateway, and the checks that must fail for it, and no others. */
interface Fault {
  readonly title: string;
  readonly change?: (exchange: Relayed) => void;
  readonly intercept?: Intercept;
  readonly fails: readonly string[];
}

/** Routes that need a token. */
const protectedRoutes = Object.values(catalog).flatMap((service) =>
  Object.entries<RouteDefinition>(service.definitions).flatMap(
    ([id, { access, method, body, session, idempotency }]) =>
      access === "write"
        ? [
            {
              name: `${service.name}/${id}`,
              stores: method === "PUT" && !session,
              takesKeys: idempotency !== undefined && !session,
              body,
            },
          ]
        : [],
  ),
);
/** Routes that store what a check sends, as `<service>/<route>`. */
const writes = protectedRoutes.filter(({ stores }) => stores).map(({ name }) => name);
/** Checks that store items by other ways than those routes. */
const others = [
  "work/global/shipping/post-pickup",
  "change/global/price-calculator/put-quote",
  ...protectedRoutes.filter(({ takesKeys }) => takesKeys).map(({ name }) => `key/global/${name}`),
];

const of = (service: string, { path }: { path: string }) => path.startsWith(`/${service}/`);

/** Counts up with each answer that it is put into. */
let effects = 0;

/** Each touches something else, so that one run shows all of them. */
const faults: readonly Fault[] = [
  {
    title: "a request id that is gone",
    change: (exchange) => {
      if (of("food-store", exchange)) delete exchange.headers["apigw-requestid"];
    },
    fails: ["headers/global/request-id", "headers/global/one-id"],
  },
  {
    title: "x-content-type-options that is gone",
    change: (exchange) => {
      if (of("pet-store", exchange)) delete exchange.headers["x-content-type-options"];
    },
    fails: ["headers/global/nosniff"],
  },
  {
    title: "a server that tells its version",
    change: (exchange) => {
      if (of("price-calculator", exchange)) exchange.headers["server"] = "nginx/1.27.1";
    },
    fails: ["headers/global/no-version"],
  },
  {
    title: "a write that is answered 200 and lost",
    intercept: ({ method, path, requestBody }) => {
      const id = path.split("/").at(-1);
      if (method !== "PUT" || !of("shipping", { path }) || !requestBody.includes('"recipient"')) return undefined;
      const { verify: unknown, padding, ...item } = JSON.parse(requestBody);
      if (unknown !== undefined || padding !== undefined) return undefined;
      return { status: 200, headers: { "content-type": "application/json" }, body: JSON.stringify({ ...item, id }) };
    },
    fails: ["read-back/global/shipping/put-shipment"],
  },
  {
    title: "an idempotency key that serves for any body",
    change: (exchange) => {
      if (exchange.method === "POST" && exchange.path === "/price-calculator/quotes" && exchange.status === 422)
        exchange.status = 200;
    },
    fails: ["key/global/price-calculator/post-quote"],
  },
  {
    title: "a second effect of one idempotency key",
    change: (exchange) => {
      if (exchange.method !== "POST" || exchange.path !== "/shipping/shipments" || exchange.status !== 200) return;
      effects += 1;
      exchange.body = exchange.body.replace('"weightGrams":', `"weightGrams":${effects}`);
    },
    fails: ["key/global/shipping/post-shipment"],
  },
  {
    title: "a change of a price that never reaches the quotes",
    change: (exchange) => {
      if (/^\/price-calculator\/quotes\/.*-price$/.test(exchange.path))
        exchange.body = exchange.body.replaceAll('"amount":202', '"amount":101');
    },
    fails: ["change/global/price-calculator/put-quote"],
  },
  {
    title: "work that is taken on without a token",
    change: (exchange) => {
      if (exchange.path === "/shipping/pickups" && exchange.status === 401) exchange.status = 202;
    },
    fails: ["no-token/global/shipping/post-pickup"],
  },
  {
    title: "work of which something else becomes",
    change: (exchange) => {
      if (/^\/shipping\/pickups\/[0-9a-f-]{36}$/.test(exchange.path))
        exchange.body = exchange.body.replace("Berlin", "Bern");
    },
    fails: ["work/global/shipping/post-pickup"],
  },
  {
    title: "a service's error of another shape",
    change: (exchange) => {
      if (of("price-calculator", exchange) && exchange.status === 404) exchange.body = '{"error":"not found"}';
    },
    fails: ["open/global/price-calculator/get-quote"],
  },
  {
    title: "a refusal of another shape",
    change: (exchange) => {
      if (of("pet-store", exchange) && exchange.status === 401) exchange.body = '{"message":"Who are you?"}';
    },
    fails: ["put-pet", "store-record", "delete-record", "make-record-list"].flatMap((route) =>
      ["no-token", "forged-token"].map((check) => `${check}/global/pet-store/${route}`),
    ),
  },
];

describe("npm run verify, of dev on this machine", function () {
  this.timeout(120_000);
  let environment: Environment;
  const proxies: RunningProxy[] = [];

  before(async () => {
    environment = await startEnvironment(await plannedGraph("dev", false), 2, false);
  });
  after(async () => {
    await Promise.all(proxies.map((proxy) => proxy.stop()));
    await environment?.stop();
  });

  describe("with faults in front of it", () => {
    let found: readonly string[];
    before(async () => {
      const proxy = await startProxy({
        origin: environment.target.global.origin,
        change: (exchange) => {
          for (const fault of faults) fault.change?.(exchange);
        },
        intercept: (asked) => faults.map(({ intercept }) => intercept?.(asked)).find((own) => own !== undefined),
      });
      proxies.push(proxy);
      const global = { ...environment.target.global, origin: `http://127.0.0.1:${proxy.port}` };
      found = await problemsOf({ ...environment.target, global }, { withoutThrottles: true });
    });

    for (const { title, fails } of faults) {
      it(`reports ${title}`, () => {
        assert.deepEqual(
          fails.filter((id) => !found.includes(id)),
          [],
        );
      });
    }

    it("reports nothing else", () => {
      assert.deepEqual([...found].sort(), faults.flatMap(({ fails }) => fails).sort());
    });
  });

  it("names an item that it cannot remove", async () => {
    const { target } = environment;
    const asked = new Set<string>();
    const remove = async (service: string, id: string, table?: string) => {
      if (service === "food-store" && asked.has(id)) throw new Error("AccessDeniedException");
      if (service === "food-store") asked.add(id);
      await target.tables!.remove(service, id, table);
    };
    const report = await verify({ target: { ...target, tables: { remove } }, withoutThrottles: true });
    const [stored, changed] = ["removed/global/food-store", "removed/global/food-store/price"];
    assert.deepEqual(problems(report), [stored, changed]);
    const { got } = report.results.find(({ id }) => id === stored)!;
    assert.equal(got, `item ${[...asked][0]} is still in the table of food-store: AccessDeniedException`);
    for (const id of asked) await target.tables!.remove("food-store", id);
  });

  it("stores nothing that it may not remove", async () => {
    const refuse = () => Promise.reject(new Error("AccessDeniedException"));
    const target = { ...environment.target, tables: { remove: refuse } };
    const found = await problemsOf(target, { withoutThrottles: true });
    assert.ok(writes.includes("price-calculator/put-quote"));
    assert.deepEqual(
      found.sort(),
      [...writes.flatMap((each) => [`read-back/global/${each}`, `write/global/${each}`]), ...others].sort(),
    );
  });

  it("is not verified without a token, unless asked to leave out what needs one", async () => {
    const { token: _, ...target } = environment.target;
    const report = await verify({ target: { ...target, tokenMissing: "no token" }, withoutThrottles: true });
    assert.equal(report.ok, false);
    // Five of each route that stores an item, three of another one with a body, one of each without.
    const wanted = protectedRoutes.map(({ stores, body }) => (stores ? 5 : body === undefined ? 1 : 3));
    assert.equal(
      problems(report).length,
      wanted.reduce((sum, each) => sum + each, others.length),
    );
    const asked = await verify({ target, withoutThrottles: true, withoutToken: true });
    assert.deepEqual([asked.ok, problems(asked)], [true, []]);
  });

  it("ends in time, and removes what it stored", async () => {
    const controller = new AbortController();
    const report = await verify({
      target: environment.target,
      signal: controller.signal,
      onResult: ({ id }) => id === "write/global/food-store/put-food" && controller.abort(),
    });
    assert.equal(report.ok, false);
    const of = (id: string) => report.results.find((result) => result.id === id);
    assert.equal(of("write/global/pet-store/put-pet")?.reason, "the run ended before");
    assert.equal(of("removed/global/food-store")?.status, "ok");
  });

  describe("over TLS", () => {
    const names = ["api.dev.example.com", "eu-west-1.api.dev.example.com"];

    async function behind(cert: { key: string; cert: string }, more: object = {}): Promise<Target> {
      const proxy = await startProxy({ origin: environment.target.global.origin, tls: { ...cert, ...more } });
      proxies.push(proxy);
      const origin = `https://127.0.0.1:${proxy.port}`;
      const { global, regions, ...rest } = environment.target;
      const region = { ...regions["eu-west-1"]!, origin };
      return { ...rest, ca: cert.cert, global: { ...global, origin }, regions: { "eu-west-1": region } };
    }

    it("is verified with a certificate of both names, but for the legacy endpoint that is not called here", async () => {
      const report = await verify({ target: await behind(certificateFor(names)), withoutThrottles: true });
      assert.deepEqual(problems(report), ["legacy/global/shipping/get-rates"]);
      assert.equal(report.results.filter(({ id, status }) => id.startsWith("tls/") && status === "ok").length, 6);
    });

    it("reports TLS 1.1, a name that the certificate lacks and an end that is near", async () => {
      const failing = async (target: Target) => {
        const checks = tlsChecks(target, target.global);
        const got = await Promise.all(checks.map(({ run }) => run(undefined as never).catch(String)));
        return checks.flatMap(({ id }, i) => (got[i] === undefined ? [] : [id]));
      };
      const old = await behind(certificateFor(names), { minVersion: "TLSv1", ciphers: "DEFAULT@SECLEVEL=0" });
      assert.deepEqual(await failing(old), ["tls/global/old"]);
      assert.deepEqual(await failing(await behind(certificateFor(names.slice(0, 1)))), ["tls/global/certificate"]);
      assert.deepEqual(await failing(await behind(certificateFor(names, 5))), ["tls/global/certificate"]);
    });
  });
});
