import assert from "node:assert/strict";
import { bundle } from "../../../apps/bundle";
import type { ServiceContract } from "../../../apps/kit/contract";
import { capture } from "../../../graph/capture/capture";
import type { PlannedResource } from "../../../graph/model";
import { routeCallerApp } from "../../../infra/compute/route-caller";
import { derivedNames } from "../../../infra/naming/derived-names";
import { parseConfig } from "../../../stacks/config/read";
import { type ConfiguredService, configuredServices } from "../../../stacks/config/services";
import { deploy } from "../../../stacks/program";
import { References } from "../../../stacks/references";
import { sampleCatalog as catalog } from "../../helpers/samples";
import { exampleConfig, problemsOf, set } from "../../stacks/config/example";

const region = "ap-southeast-1";
const random = "-0000000";
const routeId = "list-shipments";

/** Most characters of the names that AWS gives its resources, by type; 255 for all that are not listed. */
const awsLimits: Readonly<Record<string, number>> = {
  "aws:codedeploy/application:Application": 100,
  "aws:codedeploy/deploymentGroup:DeploymentGroup": 100,
  "aws:ec2/launchTemplate:LaunchTemplate": 128,
  "aws:elasticbeanstalk/application:Application": 100,
  "aws:elasticbeanstalk/applicationVersion:ApplicationVersion": 100,
  "aws:elasticbeanstalk/environment:Environment": 40,
  "aws:iam/instanceProfile:InstanceProfile": 128,
  "aws:iam/role:Role": 64,
  "aws:iam/rolePolicy:RolePolicy": 128,
  "aws:lambda/function:Function": 64,
  "aws:lambda/permission:Permission": 100,
  "aws:lb/targetGroup:TargetGroup": 32,
  "aws:s3/bucket:Bucket": 63,
  "aws:scheduler/schedule:Schedule": 64,
  "aws:scheduler/scheduleGroup:ScheduleGroup": 64,
  "aws:servicediscovery/service:Service": 63,
  "aws:sqs/queue:Queue": 80,
};

/** Types whose resources AWS names itself, or that have none. */
const unnamed = ["aws:apigatewayv2/", "aws:vpc/", "aws:ecr/lifecyclePolicy:", "aws:lambda/invocation:"];

const config = parseConfig(
  (() => {
    const example = exampleConfig("dev");
    set(example, "regions[0]", { name: region, cidr: "10.8.0.0/16", zones: [`${region}a`, `${region}b`] });
    return example;
  })(),
  "dev",
  catalog,
);
const shipping = configuredServices(config, catalog).at(-1)!;

/** The longest name that every derived name has room for. */
const longest = (() => {
  const room = derivedNames(region, "", [routeId]).map(({ name, limit }) => limit - name.length);
  return "n".repeat(Math.min(...room));
})();

const ways: readonly Pick<ConfiguredService, "pattern" | "settings">[] = [
  { pattern: "ecs", settings: { ...shipping.settings, ingress: "cloudmap" } },
  { pattern: "ecs", settings: { ...shipping.settings, ingress: "alb" } },
  { pattern: "lambda", settings: shipping.settings },
  { pattern: "beanstalk", settings: shipping.settings },
  { pattern: "ec2", settings: shipping.settings },
];

async function planAs(way: (typeof ways)[number], name: string): Promise<readonly PlannedResource[]> {
  const artifacts = await bundle(["shipping", routeCallerApp, "reference", "identity-triggers"]);
  const run = { id: "s".repeat(40), every: "rate(1 hour)", method: "GET", path: "/shipping/rates" } as const;
  const needs = { variables: {}, secrets: [], egress: [], bucket: { expireAfterDays: 1 }, schedules: [run] };
  const stackName = { environment: "dev" };
  const graph = await capture(
    () =>
      deploy({
        stackName,
        config,
        services: [{ ...shipping, ...way, name, needs }],
        artifacts: { ...artifacts, [name]: artifacts["shipping"]! },
        references: new References(stackName, (stack) => stack),
      }),
    { project: "platform", stack: "dev", unknowns: "keep" },
  );
  return graph.resources.filter(({ custom, type }) => custom && !unnamed.some((prefix) => type.startsWith(prefix)));
}

/** The physical name, as long as it can be. */
const physicalName = ({ name, inputs }: PlannedResource): string => (inputs["name"] as string) ?? `${name}${random}`;

describe("names derived from a service's name", () => {
  for (const way of ways) {
    const how = way.pattern === "ecs" ? `ecs with ${way.settings.ingress}` : way.pattern;
    it(`fit AWS's limits under ${how}, for the longest name that configuration takes`, async function () {
      this.timeout(20_000);
      const resources = await planAs(way, longest);
      const tooLong = resources
        .map((resource) => ({ type: resource.type, name: physicalName(resource) }))
        .filter(({ type, name }) => name.length > (awsLimits[type] ?? 255))
        .map(({ type, name }) => `${type} ${name.length} ${name}`);
      assert.deepEqual(tooLong, []);
      assert.ok(resources.filter(({ name }) => name.includes(longest)).length > 10);
    });
  }

  it("are refused when one is too long, by the name of what has it", () => {
    const problems = (length: number, ids: Partial<ServiceContract> = {}) => {
      const name = "n".repeat(length);
      const { shipping: own, ...contracts } = catalog;
      const moved = JSON.parse(JSON.stringify({ ...own, ...ids }).replaceAll("/shipping/", `/${name}/`));
      const example = exampleConfig("prod");
      const { shipping: settings, ...others } = example.services;
      const services = { ...others, [name]: settings };
      const gateways = { http: { services: Object.keys(services) } };
      return problemsOf({ ...example, services, gateways }, "prod", {
        ...contracts,
        [name]: { ...moved, name },
      });
    };
    const got = (length: number, sentence: string) => [`platform:services.${"n".repeat(length)} ${sentence}`];
    assert.deepEqual(problems(48), []);
    assert.deepEqual(
      problems(49),
      got(
        49,
        "makes too long a name for the permission of route list-shipments, which takes at most 100 characters, got 101; shorten the name in its contract by 1",
      ),
    );
    const { routes, legacyRoutes } = catalog.shipping as ServiceContract;
    const short = {
      routes: routes.map((each, i) => (each.id === "get-health" ? each : { ...each, id: `r${i}` })),
      legacyRoutes,
    };
    assert.match(problems(64, short).join(), /makes too long a name for/);
  });

  it("list what each limit is for", () => {
    const found = derivedNames("eu-west-1", "shipping", ["get-rates"]).map(({ of, name, limit }) => [of, name, limit]);
    assert.deepEqual(found, [
      ["a Cloud Map service, a label of DNS", "shipping", 63],
      ["an inline policy", `eu-west-1-shipping-schedules-caller-role-policy${random}`, 128],
      ["a CodeDeploy application", `eu-west-1-shipping-canary-application${random}`, 100],
      ["a Beanstalk application", `eu-west-1-shipping-application${random}`, 100],
      ["a launch template", `eu-west-1-shipping-template${random}`, 128],
      ["an instance profile", `eu-west-1-shipping-profile${random}`, 128],
      ["the permission of route get-rates", `eu-west-1-http-shipping-get-rates-permission${random}`, 100],
    ]);
  });
});
