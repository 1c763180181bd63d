import assert from "node:assert/strict";
import { parseConfig } from "../../../stacks/config/read";
import { sampleCatalog as catalog } from "../../helpers/samples";
import { exampleConfig, problemsOf } from "./example";

/** The problems of prod after a change. */
function problemsAfter(change: (config: any) => void): string[] {
  const config = exampleConfig("prod");
  change(config);
  return problemsOf(config, "prod");
}

const named = (name: string) => (config: any) => {
  config.services.shipping.failoverName = name;
};
const rest = (...services: string[]) => ({ services, domain: "rest.api.example.com" });

const refusals: readonly (readonly [title: string, change: (config: any) => void, sentence: string])[] = [
  [
    "a gateway without a critical service",
    (config) => {
      config.gateways.rest = rest("shipping");
      config.services.shipping.critical = false;
    },
    `gateways.rest.services must have a service that is critical, or nothing would move the gateway's name, got ["shipping"]; set critical of one to true`,
  ],
  [
    "more services to be healthy than are critical",
    (config) => {
      config.failover.atLeast = 4;
      config.services.shipping.critical = false;
    },
    "failover.atLeast must be at most 3, the critical services of the gateway http (food-store, pet-store, price-calculator), got 4; lower it",
  ],
  [
    "more services to be healthy than the REST API has",
    (config) => {
      config.failover.atLeast = 2;
      config.gateways.rest = rest("shipping");
    },
    "failover.atLeast must be at most 1, the critical services of the gateway rest (shipping), got 2; lower it",
  ],
  [
    "the API's name as a service's own",
    named("api.example.com"),
    'services.shipping.failoverName must be a name of its own, got "api.example.com", which the HTTP API has; rename it',
  ],
  [
    "a region's name as a service's own",
    named("eu-central-1.api.example.com"),
    'services.shipping.failoverName must be a name of its own, got "eu-central-1.api.example.com", which the HTTP API has; rename it',
  ],
  [
    "the private API's name as a service's own",
    named("internal.example.com"),
    'services.shipping.failoverName must be a name of its own, got "internal.example.com", which the private API has; rename it',
  ],
  [
    "the name of another service",
    (config) => {
      config.services["pet-store"].failoverName = "parcels.example.com";
      named("parcels.example.com")(config);
    },
    'services.shipping.failoverName must be a name of its own, got "parcels.example.com", which pet-store has; rename it',
  ],
  [
    "a name in another zone",
    named("parcels.example.org"),
    'services.shipping.failoverName must lie in the zone example.com, got "parcels.example.org"; try "shipping.example.com"',
  ],
  [
    "a name of a service that no gateway leads to",
    (config) => {
      config.gateways.http.services = ["food-store", "pet-store", "price-calculator"];
      named("parcels.example.com")(config);
    },
    'services.shipping.failoverName must be unset for a service that no gateway leads to, got "parcels.example.com"; remove it',
  ],
];

describe("what moves a region, as configuration says it", () => {
  for (const [title, change, sentence] of refusals) {
    it(`is refused with ${title}`, () => assert.deepEqual(problemsAfter(change), [`platform:${sentence}`]));
  }

  it("is every service, but one with a name of its own, unless the file says otherwise", () => {
    const config = exampleConfig("prod");
    for (const service of Object.values<any>(config.services)) delete service.critical;
    config.services.shipping.failoverName = "parcels.example.com";
    config.services["pet-store"].critical = false;
    config.services["food-store"].failoverName = "foods.example.com";
    config.services["food-store"].critical = true;
    const { services } = parseConfig(config, "prod", catalog);
    assert.deepEqual(
      Object.entries(services).map(([name, { critical }]) => [name, critical]),
      [
        ["food-store", true],
        ["pet-store", false],
        ["price-calculator", true],
        ["shipping", false],
      ],
    );
  });

  it("may be as many services as are critical, and no service of an environment of one region", () => {
    const all = problemsAfter((config) => {
      config.failover.atLeast = 4;
    });
    assert.deepEqual(all, []);
    const config = exampleConfig("dev");
    for (const service of Object.values<any>(config.services)) service.critical = false;
    assert.deepEqual(problemsOf(config, "dev"), []);
  });
});
