import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { GraphIndex } from "../../../graph/model";
import type { RouteSpec, ServiceSpec } from "../../../infra/contract/service";
import { type RestDefinitionArgs, restDefinition } from "../../../infra/gateway/rest/definition";
import { replanned, withoutCalls } from "../../conformance/plans";

const put: RouteSpec = {
  id: "put-pet",
  method: "PUT",
  path: "/pet-store/pets/{id}",
  scopes: ["pet-store/write"],
  throttle: { rate: 20, burst: 10 },
  body: { type: "object", properties: { name: { type: "string" } } },
};
const list: RouteSpec = {
  id: "list-pets",
  method: "GET",
  path: "/pet-store/pets",
  scopes: [],
  throttle: { rate: 20, burst: 10 },
  query: [{ name: "kind", required: true }],
};
const legacy = { ...list, id: "get-rates", path: "/pet-store/rates", url: "https://legacy.example.com/rates" };

const alias = (name: string) =>
  `arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/${name}:live/invocations`;
const listener = {
  kind: "listener",
  listenerArn: "arn:listener",
  loadBalancerArn: "arn:balancer",
  securityGroupId: "sg-1",
  dnsName: "balancer.example.com",
  port: 8081,
} as const;

/** Arguments of a small API; each field may be replaced. */
function argsWith({ routes = [put, list], ...changes }: Partial<RestDefinitionArgs> & { routes?: RouteSpec[] } = {}) {
  const service = {
    name: "pet-store",
    routes,
    legacyRoutes: [legacy],
    gatewayRoutes: [],
    workRoutes: [],
  } as unknown as ServiceSpec;
  return {
    title: "Pets",
    services: [service],
    backends: { "pet-store": listener },
    integrations: { link: { id: "link", securityGroupId: "sg-2" } },
    authorizer: { kind: "user-pool", userPoolArn: "arn:pool" },
    corsOrigins: ["https://app.example.com"],
    ...changes,
  } as RestDefinitionArgs;
}

/** What triggers a deployment: the hash of the document. */
function hashOf(args: RestDefinitionArgs): Promise<string> {
  return new Promise((resolve) => {
    restDefinition(args).apply((text) => resolve(createHash("sha256").update(text).digest("hex")));
  });
}

const tenants = { kind: "tenants", invokeArn: alias("authorizer") } as const;
const cache = { gigabytes: 0.5, seconds: 60 };

describe("the hash that a deployment of a REST API is made by", () => {
  const changes: Readonly<Record<string, RestDefinitionArgs>> = {
    "a route more": argsWith({ routes: [put, list, { ...list, id: "get-pet", path: "/pet-store/pets/{id}" }] }),
    "a route less": argsWith({ routes: [put] }),
    "the method of a route": argsWith({ routes: [{ ...put, method: "POST" }, list] }),
    "the path of a route": argsWith({ routes: [{ ...put, path: "/pet-store/animals/{id}" }, list] }),
    "the scope of a route": argsWith({ routes: [{ ...put, scopes: ["pet-store/admin"] }, list] }),
    "a query parameter that is demanded no more": argsWith({
      routes: [put, { ...list, query: [{ name: "kind", required: false }] }],
    }),
    "a property of a model": argsWith({
      routes: [{ ...put, body: { type: "object", properties: { name: { type: "string", maxLength: 20 } } } }, list],
    }),
    "the user pool of the authorizer": argsWith({ authorizer: { kind: "user-pool", userPoolArn: "arn:other-pool" } }),
    "another kind of authorizer": argsWith({ authorizer: tenants }),
    "the port of an integration's listener": argsWith({ backends: { "pet-store": { ...listener, port: 8082 } } }),
    "the VPC link of an integration": argsWith({ integrations: { link: { id: "other", securityGroupId: "sg-2" } } }),
    "another kind of backend": argsWith({
      backends: {
        "pet-store": {
          kind: "function",
          functionArn: "arn:f",
          aliasArn: "arn:f:live",
          invokeArn: alias("pets"),
          streamingAliasArn: alias("pets"),
        },
      },
    }),
    "the origin in gateway responses": argsWith({ corsOrigins: ["https://other.example.com"] }),
    "gateway responses without CORS": argsWith({ corsOrigins: [] }),
    "keys of kept answers": argsWith({ cache }),
  };
  const hashes = new Map<string, string>();
  before(async () => {
    hashes.set("nothing", await hashOf(argsWith()));
    for (const [what, args] of Object.entries(changes)) hashes.set(what, await hashOf(args));
  });

  it("is the same for the same arguments", async () => {
    assert.equal(await hashOf(argsWith()), hashes.get("nothing"));
  });

  for (const what of Object.keys(changes)) {
    it(`changes with ${what}, to one that no other change gives`, () => {
      const others = [...hashes].filter(([name]) => name !== what).map(([, hash]) => hash);
      assert.ok(hashes.get(what) !== undefined && !others.includes(hashes.get(what)!));
    });
  }

  it("changes with the function of the tenants' authorizer", async () => {
    const [one, other] = ["authorizer", "other"].map((name) =>
      argsWith({ authorizer: { ...tenants, invokeArn: alias(name) } }),
    );
    assert.notEqual(await hashOf(one!), await hashOf(other!));
  });

  it("stays with limits of routes, and with the size and time of a cache", async () => {
    const limit = { rate: 1, burst: 1 };
    const limited = argsWith({
      routes: [
        { ...put, throttle: limit },
        { ...list, throttle: limit },
      ],
    });
    assert.equal(await hashOf(limited), hashes.get("nothing"));
    const larger = argsWith({ cache: { gigabytes: 1.6, seconds: 3_600 } });
    assert.equal(await hashOf(larger), hashes.get("keys of kept answers"));
  });
});

describe("the deployment of a REST API with tenants", () => {
  const planned = (change: (config: any) => void = () => undefined): Promise<GraphIndex> =>
    withoutCalls(() =>
      replanned("dev", (config) => {
        config.gateways.rest = { services: Object.keys(config.services), domain: "rest.api.dev.example.com", cache };
        config.tenants = { tiers: { free: { rate: 1, burst: 3 } } };
        change(config);
      }),
    );
  const triggersOf = (plan: GraphIndex) => plan.one("aws:apigateway/deployment:Deployment", {}).inputs["triggers"];
  let plan: GraphIndex;
  before(async () => {
    plan = await planned();
  });

  it("is made by the document alone: nothing else that a deployment copies is a resource of its own", () => {
    const types = [...new Set(plan.graph.resources.map(({ type }) => type))];
    assert.deepEqual(types.filter((type) => type.startsWith("aws:apigateway/")).sort(), [
      "aws:apigateway/deployment:Deployment",
      "aws:apigateway/methodSettings:MethodSettings",
      "aws:apigateway/restApi:RestApi",
      "aws:apigateway/stage:Stage",
      "aws:apigateway/usagePlan:UsagePlan",
    ]);
    const { inputs } = plan.one("aws:apigateway/restApi:RestApi", {});
    assert.deepEqual(Object.keys(triggersOf(plan)), ["definition"]);
    assert.equal(triggersOf(plan).definition, createHash("sha256").update(inputs["body"]).digest("hex"));
    // They are copied too, and would have to be in the hash: the document says them.
    for (const key of ["policy", "binaryMediaTypes", "apiKeySource", "minimumCompressionSize"]) {
      assert.ok(!(key in inputs), key);
    }
  });

  const settings: Readonly<Record<string, (config: any) => void>> = {
    "the throttle": (config) => (config.throttle = { rate: 400, burst: 200 }),
    "the throttle of a route": (config) =>
      (config.services.shipping.routes = { "put-shipment": { throttle: { rate: 3, burst: 5 } } }),
    "the days that logs are kept": (config) => (config.logRetentionDays = 14),
    "a tier more": (config) => (config.tenants.tiers.premium = { rate: 9, burst: 9 }),
    "the limit of a tier": (config) => (config.tenants.tiers.free = { rate: 2, burst: 5 }),
    "the seconds of the cache": (config) => (config.gateways.rest.cache.seconds = 120),
    "the size of the cache": (config) => (config.gateways.rest.cache.gigabytes = 1.6),
    "a second stage": (config) => (config.gateways.rest.stages = ["v2"]),
    "a firewall": (config) => (config.gateways.rest.waf = { requestsPerFiveMinutes: 1_000 }),
    "who is told of alarms": (config) => (config.alarms.emails = ["ops@example.com"]),
  };
  for (const [what, change] of Object.entries(settings)) {
    it(`stays with ${what}`, async () => {
      assert.deepEqual(triggersOf(await planned(change)), triggersOf(plan));
    });
  }
});
