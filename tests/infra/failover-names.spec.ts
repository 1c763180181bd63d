import assert from "node:assert/strict";
import { serviceNames } from "../../apps/catalog";
import type { GraphIndex, PlannedResource } from "../../graph/model";
import { regionHealthCheck } from "../../infra/dns/failover-time";
import { planned, replanned } from "../conformance/plans";

const RECORD = "aws:route53/record:Record";
const CHECK = "aws:route53/healthCheck:HealthCheck";
const regions = ["eu-west-1", "eu-central-1"];

const checkOf = (plan: GraphIndex, record: PlannedResource) =>
  plan.one(CHECK, { id: record.inputs["healthCheckId"] }).inputs;
const pathsOf = (plan: GraphIndex, ids: readonly string[]) =>
  ids.map((id) => plan.one(CHECK, { id }).inputs["resourcePath"]).sort();
const recordsOf = (plan: GraphIndex, name: string) => plan.where(RECORD, { name });

describe("what moves a name to the other region", function () {
  this.timeout(60_000);

  it("is every service, where configuration says nothing", async () => {
    const plan = await planned("prod");
    for (const record of recordsOf(plan, "api.example.com")) {
      const check = checkOf(plan, record);
      assert.equal(check["childHealthThreshold"], check["childHealthchecks"].length);
      const paths = pathsOf(plan, check["childHealthchecks"]);
      for (const service of serviceNames) assert.ok(paths.includes(`/${service}/healthz/region`));
    }
    assert.equal(plan.graph.outputs["edge"]["eu-west-1"].serviceUrls, undefined);
  });

  describe("with two of four services critical, one of which may be ill, and one with a name of its own", () => {
    let plan: GraphIndex;

    before(async () => {
      plan = await replanned("prod", (config) => {
        config.services = { ...config.services };
        for (const service of Object.values<any>(config.services)) service.critical = false;
        config.services["food-store"].critical = true;
        config.services["pet-store"].critical = true;
        config.services.shipping.failoverName = "parcels.example.com";
        config.failover = { atLeast: 1 };
        config.gateways.rest = { services: ["food-store", "shipping"], domain: "rest.api.example.com" };
      });
    });

    it("checks the critical services of each gateway, as many of which must be healthy as configuration says", () => {
      for (const [name, critical] of [
        ["api.example.com", ["food-store", "pet-store"]],
        ["rest.api.example.com", ["food-store"]],
      ] as const) {
        const records = recordsOf(plan, name);
        assert.equal(records.length, 2);
        for (const record of records) {
          const check = checkOf(plan, record);
          assert.deepEqual([check["type"], check["childHealthThreshold"]], ["CALCULATED", 1]);
          assert.deepEqual(
            pathsOf(plan, check["childHealthchecks"]),
            critical.map((service) => `/${service}/healthz/region`),
          );
        }
      }
    });

    it("checks no service that moves nothing", () => {
      const paths = plan.ofType(CHECK).flatMap(({ inputs }) => inputs["resourcePath"] ?? []);
      assert.deepEqual([...new Set(paths)].sort(), [
        "/food-store/healthz/region",
        "/pet-store/healthz/region",
        "/shipping/healthz/region",
      ]);
    });

    it("moves the service's own name by its check alone, on the HTTP API only, which it leads to in each region", () => {
      const records = recordsOf(plan, "parcels.example.com");
      assert.deepEqual(
        records.map(({ region, inputs }) => [region, inputs["failoverRoutingPolicies"][0].type]).sort(),
        [
          [regions[0], "PRIMARY"],
          [regions[1], "SECONDARY"],
        ].sort(),
      );
      for (const record of records) {
        const { type, fqdn, resourcePath, requestInterval } = checkOf(plan, record);
        assert.deepEqual(
          [type, fqdn, resourcePath, requestInterval],
          ["HTTPS", `${record.region}.api.example.com`, "/shipping/healthz/region", regionHealthCheck.intervalSeconds],
        );
        const target = record.inputs["aliases"][0].name;
        const domain = plan
          .ofType("aws:apigatewayv2/domainName:DomainName")
          .find(({ outputs }) => outputs["domainNameConfiguration"].targetDomainName === target)!;
        assert.deepEqual([domain.region, domain.inputs["domainName"]], [record.region, "parcels.example.com"]);
        const mappings = plan
          .where("aws:apigatewayv2/apiMapping:ApiMapping", { domainName: domain.outputs["id"] })
          .filter(({ region }) => region === record.region);
        const api = plan.one("aws:apigatewayv2/api:Api", { id: mappings[0]!.inputs["apiId"] });
        assert.deepEqual([mappings.length, api.region], [1, record.region]);
      }
    });

    it("validates the name's certificate once, in the primary region, as both regions need the same record", () => {
      const certificates = plan
        .ofType("aws:acm/certificate:Certificate")
        .filter(({ inputs }) => inputs["domainName"] === "parcels.example.com");
      assert.deepEqual(certificates.map(({ region }) => region).sort(), [...regions].sort());
      const validations = plan.ofType(RECORD).filter(({ name }) => name.endsWith("-parcels.example.com-validation"));
      assert.deepEqual(
        validations.map(({ region }) => region),
        [regions[0]],
      );
    });

    it("is in the outputs of each region", () => {
      for (const region of regions) {
        assert.deepEqual(plan.graph.outputs["edge"][region].serviceUrls, { shipping: "https://parcels.example.com" });
      }
    });
  });

  it("is nothing where there is one region: the service's name leads there", async () => {
    const plan = await replanned("dev", (config) => {
      config.services.shipping.failoverName = "parcels.dev.example.com";
    });
    const [record] = recordsOf(plan, "parcels.dev.example.com");
    assert.deepEqual(
      [record!.inputs["failoverRoutingPolicies"], record!.inputs["healthCheckId"], plan.ofType(CHECK).length],
      [undefined, undefined, 0],
    );
  });

  it("leads to the REST API where the HTTP API does not have the service", async () => {
    const plan = await replanned("prod", (config) => {
      config.services.shipping.failoverName = "parcels.example.com";
      config.gateways.http = { services: ["food-store", "pet-store", "price-calculator"] };
      config.gateways.rest = { services: ["shipping"], domain: "rest.api.example.com" };
      config.services.shipping.critical = true;
    });
    for (const record of recordsOf(plan, "parcels.example.com")) {
      assert.equal(checkOf(plan, record)["fqdn"], `${record.region}.rest.api.example.com`);
    }
  });
});
