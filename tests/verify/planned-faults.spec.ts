import assert from "node:assert/strict";
import type { Result } from "../../verify/report";
import { verify } from "../../verify/run";
import { change, type Environment, type Mutable, plannedGraph, startEnvironment, unmet } from "./helpers/environment";

const route = "aws:apigatewayv2/route:Route";
const stage = "aws:apigatewayv2/stage:Stage";
const record = "aws:route53/record:Record";

/** One fault in a plan, and the checks that must fail for it, and no others. */
interface Fault {
  readonly title: string;
  readonly plant: (graph: Mutable) => void;
  readonly fails: readonly string[];
}

/** In dev; each touches something else, so that one platform shows all of them. */
const devFaults: readonly Fault[] = [
  {
    title: "an open route that asks for a token",
    plant: (graph) => change(graph, route, "eu-west-1-http-food-store-list-foods", closeAs(graph, "food-store")),
    fails: ["open/global/food-store/list-foods"],
  },
  {
    title: "a protected route that is open",
    plant: (graph) => change(graph, route, "eu-west-1-http-price-calculator-put-quote", open),
    fails: ["no-token", "forged-token", "other-scope"].map((id) => `${id}/global/price-calculator/put-quote`),
  },
  {
    title: "a route that takes a token without its scope",
    plant: (graph) =>
      change(graph, route, "eu-west-1-http-shipping-put-shipment", (values) => {
        values["authorizationScopes"] = [];
      }),
    fails: ["other-scope/global/shipping/put-shipment"],
  },
  {
    title: "a route without its throttle",
    plant: (graph) => withoutLimit(graph, "eu-west-1", "GET /shipping/shipments"),
    fails: ["throttle/global/shipping/list-shipments"],
  },
  {
    title: "CORS for any origin",
    plant: (graph) =>
      change(graph, "aws:apigatewayv2/api:Api", "eu-west-1-http-api", (values) => {
        values["corsConfiguration"].allowOrigins = ["*"];
      }),
    fails: ["cors/global/allowed", "cors/global/refused"],
  },
  {
    title: "a public gateway that answers for the private API's name",
    plant: (graph) => {
      for (const [type, name] of [
        ["aws:apigatewayv2/domainName:DomainName", "eu-west-1-names-probe-domain"],
        ["aws:apigatewayv2/apiMapping:ApiMapping", "eu-west-1-names-probe-mapping"],
      ] as const) {
        const found = graph.resources.find((each) => each.type === type && each.name === name)!;
        const id = "internal.dev.example.com";
        const domain = { domainName: id, ...(type.includes("apiMapping") ? {} : { id }) };
        const outputs = { ...found.outputs, ...domain };
        (graph.resources as unknown[]).push({ ...found, name: `${name}-2`, urn: `${found.urn}-2`, outputs });
      }
    },
    fails: ["private/eu-west-1/food-store/foods/id", "private/eu-west-1/pet-store/pets/id"],
  },
  {
    title: "a private API that admits principals of the account that nobody named",
    plant: (graph) =>
      change(graph, "aws:apigateway/restApi:RestApi", "eu-west-1-private-api", (values) => {
        if (values["body"] === undefined) return;
        const document = JSON.parse(values["body"]);
        const policy = document["x-amazon-apigateway-policy"];
        policy.Statement = policy.Statement.filter(
          (each: any) => !each.Condition?.StringNotEquals?.["aws:PrincipalArn"],
        );
        values["body"] = JSON.stringify(document);
      }),
    fails: ["food-store/foods/id", "pet-store/pets/id"].map((path) => `private/inside-eu-west-1/${path}/not-named`),
  },
  {
    title: "a service without health route",
    plant: (graph) => withoutRoute(graph, "eu-west-1-http-pet-store-get-health"),
    fails: ["health/global/pet-store", "health/eu-west-1/pet-store"],
  },
  {
    title: "a legacy route that is gone",
    plant: (graph) => withoutRoute(graph, "eu-west-1-http-shipping-get-rates"),
    fails: ["legacy/global/shipping/get-rates"],
  },
];

/** In prod: what only two regions show. */
const prodFaults: readonly Fault[] = [
  {
    title: "a failover name that the secondary answers while the primary is healthy",
    plant: (graph) => {
      for (const [region, type] of [
        ["eu-west-1", "SECONDARY"],
        ["eu-central-1", "PRIMARY"],
      ]) {
        change(graph, record, `${region}-names-api-record`, (values) => {
          values["failoverRoutingPolicies"] = [{ type }];
        });
      }
    },
    fails: ["names/global"],
  },
  {
    title: "probe names that lead to the other region",
    plant: (graph) => {
      const aliases = ["eu-west-1", "eu-central-1"].map((region) => {
        const found = graph.resources.find(
          (each) => each.type === record && each.name === `${region}-names-probe-record`,
        );
        return structuredClone(found!.outputs["aliases"]);
      });
      for (const [region, other] of [
        ["eu-west-1", 1],
        ["eu-central-1", 0],
      ] as const) {
        change(graph, record, `${region}-names-probe-record`, (values) => {
          values["aliases"] = aliases[other];
        });
      }
    },
    fails: ["names/eu-west-1", "names/eu-central-1"],
  },
  {
    title: "a route that the second region alone has closed",
    plant: (graph) =>
      change(graph, route, "eu-central-1-http-pet-store-list-pets", closeAs(graph, "pet-store", "eu-central-1")),
    // The name that fails over leads there as well, by the first fault.
    fails: ["open/global/pet-store/list-pets", "open/eu-central-1/pet-store/list-pets"],
  },
];

describe("npm run verify, with faults in the plan", function () {
  this.timeout(120_000);
  for (const [stack, faults] of [
    ["dev", devFaults],
    ["prod", prodFaults],
  ] as const) {
    describe(`of ${stack}`, () => {
      let environment: Environment | undefined;
      let results: readonly Result[];

      before(async () => {
        const graph = await plannedGraph(stack);
        for (const fault of faults) fault.plant(graph);
        environment = await startEnvironment(graph);
        // In prod each region's bursts take seconds, and no fault here is about them.
        const report = await verify({ target: environment.target, withoutThrottles: stack === "prod" });
        results = unmet(report);
      });
      after(() => environment?.stop());

      for (const { title, fails } of faults) {
        it(`reports ${title}`, () => {
          assert.deepEqual(
            fails.filter((id) => !results.some((each) => each.id === id)),
            [],
          );
        });
      }

      it("reports nothing else", () => {
        const planted = new Set(faults.flatMap(({ fails }) => fails));
        const others = results.filter(({ id }) => !planted.has(id));
        assert.deepEqual(
          others.map(({ id, got, reason }) => `${id}: ${got ?? reason}`),
          [],
        );
      });
    });
  }
});

function open(values: Record<string, any>): void {
  values["authorizationType"] = "NONE";
  delete values["authorizerId"];
  delete values["authorizationScopes"];
}

function closeAs(graph: Mutable, service: string, region = "eu-west-1"): (values: Record<string, any>) => void {
  const authorizer = graph.resources.find((each) => each.name === `${region}-http-jwt`)!;
  return (values) => {
    values["authorizationType"] = "JWT";
    values["authorizerId"] = authorizer.outputs["id"];
    values["authorizationScopes"] = [`${service}/write`];
  };
}

/** The route falls back to the stage's own, larger limit. */
function withoutLimit(graph: Mutable, region: string, key: string): void {
  change(graph, stage, `${region}-http-stage`, (values) => {
    values["routeSettings"] = values["routeSettings"].filter((each: any) => each.routeKey !== key);
  });
}

function withoutRoute(graph: Mutable, name: string): void {
  const index = graph.resources.findIndex((each) => each.type === route && each.name === name);
  withoutLimit(graph, "eu-west-1", graph.resources[index]!.outputs["routeKey"]);
  (graph.resources as unknown[]).splice(index, 1);
}
