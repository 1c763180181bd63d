import assert from "node:assert/strict";
import { catalog } from "../../apps/catalog";
import type { GraphIndex, PlannedResource } from "../../graph/model";
import type { PatternName } from "../../infra/compute/registry";
import { configOf, planned } from "./plans";

const config = configOf("prod");
const regions: string[] = config.regions.map(({ name }: any) => name);
const zonesOf = (region: string): string[] => config.regions.find(({ name }: any) => name === region).zones;

/** What a pattern's servers are in AWS, and the subnets they start in; a function is spread over zones by Lambda. */
const workloads: Record<PatternName, { type: string; subnets?: (inputs: any) => string[] }> = {
  ec2: { type: "aws:autoscaling/group:Group", subnets: (inputs) => inputs.vpcZoneIdentifiers },
  ecs: { type: "aws:ecs/service:Service", subnets: (inputs) => inputs.networkConfiguration.subnets },
  beanstalk: {
    type: "aws:elasticbeanstalk/environment:Environment",
    subnets: ({ settings }) => settings.find(({ name }: any) => name === "Subnets").value.split(","),
  },
  lambda: { type: "aws:lambda/alias:Alias" },
};

/** Everything between the gateway and the servers that has an interface per subnet. */
const paths: Record<string, (inputs: any) => string[]> = {
  "aws:apigatewayv2/vpcLink:VpcLink": (inputs) => inputs.subnetIds,
  "aws:lb/loadBalancer:LoadBalancer": (inputs) => inputs.subnets,
};

describe("prod", () => {
  let plan: GraphIndex;
  before(async () => {
    plan = await planned("prod");
  });

  const inRegion = (type: string, region: string) => plan.ofType(type).filter((each) => each.region === region);

  /** Zones of subnets, looked up in the VPC of the region that makes them; each must be private. */
  function zones(region: string, subnetIds: readonly string[]): string[] {
    const [vpc] = inRegion("awsx:ec2:Vpc", region);
    const found = subnetIds.map((id) => vpc!.outputs["subnets"].find((subnet: any) => subnet.id === id));
    for (const subnet of found) assert.equal(subnet.type, "Private");
    return found.map(({ availabilityZone }) => availabilityZone).sort();
  }

  for (const region of regions) {
    it(`runs every pattern over the three zones of ${region}`, () => {
      assert.equal(new Set(zonesOf(region)).size, 3);
      for (const [pattern, { type, subnets }] of Object.entries(workloads)) {
        const found = inRegion(type, region);
        assert.ok(found.length > 0, `${pattern} is missing`);
        for (const { name, inputs } of subnets ? found : []) {
          assert.deepEqual(zones(region, subnets!(inputs)), zonesOf(region), name);
        }
      }
      const functions = inRegion("aws:lambda/function:Function", region);
      const inVpc = functions.filter(({ inputs }) => inputs["vpcConfig"] !== undefined);
      // Servers in Cloud Map are called through the forwarder; messages are handed to servers by a function per service.
      assert.deepEqual(inVpc.map(({ name }) => name).sort(), [
        `${region}-price-calculator-queues-caller-function`,
        `${region}-rest-forwarder`,
        `${region}-shipping-queues-caller-function`,
      ]);
      for (const { inputs } of inVpc) assert.deepEqual(zones(region, inputs["vpcConfig"].subnetIds), zonesOf(region));
    });

    it(`reaches the servers of ${region} through every zone`, () => {
      for (const [type, subnets] of Object.entries(paths)) {
        const found = inRegion(type, region);
        assert.equal(found.length, 1, type);
        assert.deepEqual(zones(region, subnets(found[0]!.inputs)), zonesOf(region), type);
      }
      const [vpc] = inRegion("awsx:ec2:Vpc", region);
      assert.deepEqual(vpc!.inputs["natGateways"], { strategy: "OnePerAz" });
      const interfaces = inRegion("aws:ec2/vpcEndpoint:VpcEndpoint", region).filter(
        ({ inputs }) => inputs["vpcEndpointType"] === "Interface",
      );
      assert.ok(interfaces.length >= 10);
      for (const { inputs, name } of interfaces) {
        assert.deepEqual(zones(region, inputs["subnetIds"]), zonesOf(region), name);
      }
    });
  }

  it("has the same resources in the standby region as in the primary, but for what is global", () => {
    const names = (region: string) =>
      plan.graph.resources
        .filter((resource) => resource.region === region)
        .map(({ type, name, inputs }) => [type, name.replaceAll(region, "R"), sizes(inputs)].join(" "))
        .filter(
          (text) =>
            !/R-(identity|data|dns)-/.test(text) &&
            !/ \S+-(web|live-exchange)-/.test(text) &&
            !/R-(names-tls-api|live-names-tls-live|private-name-tls-internal)\.[\w.]+-validation/.test(text),
        )
        // A name that had to be cut ends in a hash of the whole.
        .map((text) => text.replace(/^(aws:(?:lb|elasticbeanstalk)\/\S+ R)-\S+/, "$1-…"))
        .sort();
    assert.deepEqual(names(regions[1]!), names(regions[0]!));
  });

  it("answers each name from two regions: one PRIMARY, one SECONDARY", () => {
    const failovers = plan
      .ofType("aws:route53/record:Record")
      .filter(({ inputs }) => inputs["failoverRoutingPolicies"] !== undefined);
    assert.equal(new Set(failovers.map(({ inputs }) => inputs["zoneId"])).size, 1);
    const roles = failovers.map(({ inputs, region }) => {
      assert.equal(inputs["setIdentifier"], region);
      assert.equal(inputs["type"], "A");
      assert.equal(inputs["ttl"], undefined);
      return `${inputs["name"]} ${inputs["failoverRoutingPolicies"][0].type} ${region}`;
    });
    const names = [config.domain.api, ...(config.live ? [config.live.domain] : [])];
    assert.deepEqual(
      roles.sort(),
      names.flatMap((name) => [`${name} PRIMARY ${regions[0]}`, `${name} SECONDARY ${regions[1]}`]).sort(),
    );
    for (const record of failovers) assertOwnDomain(record);
  });

  /** An alias leads to the regional target of the same name, in its own region. */
  function assertOwnDomain({ inputs, region }: PlannedResource): void {
    const [alias] = inputs["aliases"];
    const domain = inRegion("aws:apigatewayv2/domainName:DomainName", region!).find(
      (each) => each.outputs["domainNameConfiguration"].targetDomainName === alias.name,
    );
    assert.equal(domain?.inputs["domainName"], inputs["name"]);
    assert.equal(domain?.outputs["domainNameConfiguration"].hostedZoneId, alias.zoneId);
  }

  it("sends a Beanstalk environment the one host that its rule on the shared listener matches, and no other service one", () => {
    const sent = plan
      .ofType("aws:apigatewayv2/integration:Integration")
      .filter(({ inputs }) => inputs["connectionType"] === "VPC_LINK")
      .map(({ name, inputs }) => [name, inputs["requestParameters"]["overwrite:header.host"]]);
    const cname = (region: string, service: string) =>
      inRegion("aws:elasticbeanstalk/environment:Environment", region).find(
        ({ parent }) => plan.urn(parent!)?.name === `${region}-${service}`,
      )!.outputs["cname"];
    const services = Object.entries<{ pattern: string }>(config.services);
    const expected = regions.flatMap((region) =>
      services
        .filter(([, { pattern }]) => pattern !== "lambda")
        .map(([service, { pattern }]) => [
          `${region}-http-${service}-integration`,
          pattern === "beanstalk" ? cname(region, service) : undefined,
        ]),
    );
    assert.equal(services.find(([service]) => service === "price-calculator")![1].pattern, "beanstalk");
    assert.deepEqual(Object.fromEntries(sent), Object.fromEntries(expected));
  });

  it("leaves the tag alone in which Beanstalk counts the environments of the shared balancer", () => {
    // Those of the web app, and of changes that regions exchange, make no balancer.
    const cells = plan.ofType("pulumi:providers:aws").filter(({ name }) => !/-(web|live-exchange)-/.test(name));
    const providers = cells.map(({ inputs }) => inputs["ignoreTags"]);
    assert.deepEqual(
      providers,
      regions.map(() => JSON.stringify({ keyPrefixes: ["elasticbeanstalk:"] })),
    );
  });

  it("fails over on HTTPS checks of the region's own name, every 10 s, three misses at most", () => {
    const records = plan.ofType("aws:route53/record:Record").filter(({ inputs }) => inputs["setIdentifier"]);
    for (const { inputs, region } of records) {
      const whole = plan.one("aws:route53/healthCheck:HealthCheck", { id: inputs["healthCheckId"] });
      const children: string[] = whole.inputs["childHealthchecks"];
      assert.equal(whole.inputs["type"], "CALCULATED");
      assert.equal(whole.inputs["childHealthThreshold"], children.length);
      const checks = children.map((id) => plan.one("aws:route53/healthCheck:HealthCheck", { id }).inputs);
      for (const check of checks) {
        const { type, port, fqdn, enableSni, requestInterval, failureThreshold, regions: checkers } = check;
        assert.deepEqual([type, port, enableSni, requestInterval], ["HTTPS", 443, true, 10]);
        assert.ok(failureThreshold >= 1 && failureThreshold <= 3);
        assert.ok(new Set(checkers).size >= 3);
        assert.equal(fqdn, `${region}.${config.domain.api}`);
        assert.ok(!check["disabled"] && !check["invertHealthcheck"]);
        assert.equal(routeAuthorization(region!, `GET ${check["resourcePath"]}`), "NONE");
      }
      const probed = checks.map((check) => check["resourcePath"]).sort();
      assert.deepEqual(
        probed,
        Object.keys(config.services)
          .map((service) => `/${service}/healthz/region`)
          .sort(),
      );
      assertPlainAlias(region!);
    }
  });

  const routeAuthorization = (region: string, routeKey: string) =>
    inRegion("aws:apigatewayv2/route:Route", region).find(({ inputs }) => inputs["routeKey"] === routeKey)?.inputs[
      "authorizationType"
    ];

  /** The name that checks ask for must not itself move between regions. */
  function assertPlainAlias(region: string): void {
    const name = `${region}.${config.domain.api}`;
    const records = plan.ofType("aws:route53/record:Record").filter(({ inputs }) => inputs["name"] === name);
    assert.equal(records.length, 1);
    assert.equal(records[0]!.region, region);
    assert.equal(records[0]!.inputs["failoverRoutingPolicies"], undefined);
    assertOwnDomain(records[0]!);
  }

  it("keeps every table in both regions, each copy recoverable to any second and protected", () => {
    const all = plan.ofType("aws:dynamodb/table:Table");
    const tables = all.filter(({ name }) => !/-live-connections-table$/.test(name));
    const more = Object.values(catalog).flatMap(({ needs }) => Object.keys(needs.tables ?? {}));
    assert.equal(tables.length, Object.keys(config.services).length + more.length);
    for (const { inputs, region, protect } of tables) {
      assert.deepEqual([region, protect], [regions[0], true]);
      assert.deepEqual([inputs["pointInTimeRecovery"].enabled, inputs["deletionProtectionEnabled"]], [true, true]);
      assert.deepEqual(inputs["replicas"], [
        { regionName: regions[1], pointInTimeRecovery: true, deletionProtectionEnabled: true, propagateTags: true },
      ]);
    }
    // A connection ends with its region.
    const ofConnections = all.filter((table) => !tables.includes(table));
    assert.deepEqual(
      ofConnections.map(({ region, inputs, protect }) => [region, inputs["replicas"], protect]).sort(),
      config.live ? regions.map((region) => [region, undefined, true]).sort() : [],
    );
  });
});

/** Numbers of servers and sizes, wherever a type keeps them. */
function sizes(inputs: Readonly<Record<string, any>>): string {
  const keys = ["minSize", "maxSize", "minCapacity", "maxCapacity", "desiredCount", "cpu", "memory", "memorySize"];
  const settings = [inputs["settings"] ?? []].flat().filter(({ name }: any) => /^(Min|Max)Size$/.test(name ?? ""));
  return JSON.stringify([keys.map((key) => inputs[key] ?? null), settings]);
}
