import assert from "node:assert/strict";
import { catalog } from "../../apps/catalog";
import { ledgerOf } from "../../graph/ledger/ledger";
import type { GraphIndex } from "../../graph/model";
import { readPolicyConfig } from "../../graph/policy/config";
import { evaluate } from "../../graph/policy/evaluate";
import { renderSummary } from "../../graph/summary/summary";
import { withOutsideContracts } from "../../stacks/config/outside-images";
import { policySettings } from "../../stacks/config/policy";
import { parseConfig } from "../../stacks/config/read";
import { outsideDigest, outsideNotes } from "../helpers/outside-image";
import { configOf, planned, replanned } from "./plans";

const regions = ["eu-west-1", "eu-central-1"];
const policyType = "aws:iam/rolePolicy:RolePolicy";

/** Adds the service to every gateway of prod, with a REST API. */
function addNotes(config: any): void {
  config.services.notes = outsideNotes;
  config.gateways.rest = { domain: "rest.api.example.com" };
  delete config.gateways.http.services;
}

const digits = (text: string) => text.replace(/^.*(\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com\/)[^@:]+/, "$1R");

describe("a service by an image from outside, in a plan of two regions", function () {
  this.timeout(60_000);
  let plan: GraphIndex;
  before(async () => {
    plan = await replanned("prod", addNotes);
  });
  const own = (type: string) => plan.ofType(type).filter(({ name }) => /-notes(-|$)/.test(name));

  it("is copied by its digest into the ECR of each region, under a tag that is never used again", () => {
    assert.deepEqual(
      own("docker-build:index:Index").map(({ region, inputs }) => [region, inputs["sources"], digits(inputs["tag"])]),
      regions
        .map((region) => [
          region,
          [outsideNotes.image],
          `123456789012.dkr.ecr.${region}.amazonaws.com/R:${outsideDigest.slice(7, 19)}-1`,
        ])
        .sort(),
    );
    for (const { inputs } of own("aws:ecr/repository:Repository")) {
      assert.equal(inputs["imageTagMutability"], "IMMUTABLE");
    }
  });

  it("is offered by the web app under its title", () => {
    const settings = plan
      .ofType("aws:s3/bucketObjectv2:BucketObjectv2")
      .find(({ inputs }) => inputs["key"] === "config.json")!;
    const { services } = JSON.parse(settings.inputs["content"]);
    assert.deepEqual(
      services.find(({ name }: any) => name === "notes"),
      { name: "notes", title: "Notes" },
    );
  });

  it("is named by the plan's summary, with what a deployment needs for it", () => {
    const line = renderSummary(plan.graph)
      .split("\n")
      .find((each) => each.startsWith("copied into ECR"));
    const image = "ghcr.io/acme/notes@sha256:1a1a1a1a1a1a...";
    assert.equal(
      line,
      `copied into ECR by a deployment, which needs docker and, where they ask for it, a login: ${image}`,
    );
  });

  it("keeps the password of the registry a secret", () => {
    for (const { inputs } of own("docker-build:index:Index")) {
      assert.doesNotMatch(JSON.stringify(inputs), /unknown to a plan/);
      assert.equal(inputs["registry"]["username"], "AWS");
    }
  });

  it("starts from the region's own copy by the digest, closed like every container, and checked by the balancer", () => {
    const tasks = own("aws:ecs/taskDefinition:TaskDefinition");
    assert.equal(tasks.length, 2);
    for (const { inputs, region } of tasks) {
      const [container] = JSON.parse(inputs["containerDefinitions"]);
      assert.equal(digits(container.image), `123456789012.dkr.ecr.${region}.amazonaws.com/R@${outsideDigest}`);
      assert.deepEqual(
        [
          container.user,
          container.readonlyRootFilesystem,
          container.privileged,
          container.linuxParameters.capabilities,
        ],
        ["1000", true, false, { drop: ["ALL"] }],
      );
      assert.deepEqual([container.command, container.healthCheck, container.stopTimeout], [undefined, undefined, 60]);
      const variables = Object.fromEntries(container.environment.map(({ name, value }: any) => [name, value]));
      assert.deepEqual([variables.PORT, variables.TABLE_NAME], ["3000", undefined]);
      assert.equal(inputs["runtimePlatform"]["cpuArchitecture"], "ARM64");
    }
    // Its name is cut where it would be too long.
    const groups = plan.ofType("aws:lb/targetGroup:TargetGroup").filter(({ inputs }) => inputs["port"] === 3000);
    assert.deepEqual(
      groups.map(({ inputs }) => [inputs["port"], inputs["healthCheck"]["path"], inputs["deregistrationDelay"]]),
      [1, 2].map(() => [3000, "/health", 30]),
    );
  });

  it("has no table and no permission that it does not ask for", () => {
    assert.deepEqual(own("aws:dynamodb/table:Table"), []);
    const statements = own(policyType).flatMap(({ name, inputs }) =>
      JSON.parse(inputs["policy"]).Statement.map((statement: any) => [name, statement] as const),
    );
    // IAM takes no policy without statements.
    assert.deepEqual(
      own(policyType).map(({ name }) => name),
      regions.map((region) => `${region}-notes-execution-role-policy`).sort(),
    );
    const text = JSON.stringify(statements);
    assert.doesNotMatch(text, /dynamodb/);
    assert.match(text, /ecr:BatchGetImage/);
  });

  it("is reached by both gateways at the paths of its file, without the name of the service", () => {
    const keyOf = new Map(
      plan.ofType("aws:apigatewayv2/route:Route").map(({ inputs }) => [inputs["target"], inputs["routeKey"]]),
    );
    const http = own("aws:apigatewayv2/integration:Integration").filter(({ region }) => region === regions[0]);
    const paths = http.map(({ inputs, outputs }) => [
      keyOf.get(`integrations/${outputs["id"]}`),
      inputs["requestParameters"]["overwrite:path"],
    ]);
    assert.deepEqual(paths.sort(), [
      ["GET /notes/healthz", "/health"],
      ["GET /notes/healthz/region", "/health"],
      ["GET /notes/notes/{id}", "/notes/$request.path.id"],
      ["PUT /notes/notes/{id}", "/notes/$request.path.id"],
    ]);
    const apis = plan.ofType("aws:apigateway/restApi:RestApi").filter(({ name }) => !name.includes("private"));
    assert.equal(apis.length, 2);
    for (const { inputs } of apis) {
      const operations: any = JSON.parse(inputs["body"]).paths;
      const uri = (path: string, method: string) => {
        const integration = operations[path][method]["x-amazon-apigateway-integration"];
        return [
          integration.uri.replace(/^http:\/\/[^:]+/, ""),
          integration.requestParameters["integration.request.path.id"],
        ];
      };
      assert.deepEqual(uri("/notes/notes/{id}", "put"), [":3000/notes/{id}", "method.request.path.id"]);
      assert.deepEqual(uri("/notes/healthz/region", "get"), [":3000/health", undefined]);
    }
  });

  it("is watched and moved like every service: alarms, health checks of its region, a circuit breaker", () => {
    const alarms = own("aws:cloudwatch/metricAlarm:MetricAlarm").filter(({ region }) => region === regions[0]);
    assert.deepEqual(alarms.map(({ name }) => name.replace(/^eu-west-1-notes-/, "")).sort(), [
      "cpu-high",
      "errors",
      "memory-high",
    ]);
    const probes = plan.ofType("aws:route53/healthCheck:HealthCheck").map(({ inputs }) => inputs["resourcePath"]);
    assert.ok(probes.includes("/notes/healthz/region"));
    for (const { inputs } of own("aws:ecs/service:Service")) {
      assert.deepEqual(inputs["deploymentCircuitBreaker"], { enable: true, rollback: true });
      assert.equal(inputs["alarms"].alarmNames.length, 3);
    }
  });

  it("needs its registry at a deployment alone", () => {
    const outside = ledgerOf(plan.graph, configOf("prod").outside).entries.filter(
      ({ answeredBy }) => answeredBy.name === "ghcr.io",
    );
    assert.deepEqual(
      outside.map(({ purpose, region, call }) => [purpose, region, call]),
      regions.map((region) => ["deploy", region, "image that is copied into the account"]).sort(),
    );
  });

  it("breaks no rule of the pack that is mandatory", async () => {
    const config = configOf("prod");
    addNotes(config);
    const parsed = parseConfig(config, "prod", catalog);
    const derived = policySettings(parsed, withOutsideContracts(catalog, parsed));
    const file = readPolicyConfig("prod");
    const configOfRule = (policy: string) => ({ ...file(policy), ...derived[policy] });
    const before = await evaluate((await planned("prod")).graph, { configOf: file });
    const found = await evaluate(plan.graph, { configOf: configOfRule });
    const about = found.filter(({ level, message }) => level !== "advisory" && /notes/.test(message));
    assert.deepEqual(
      about.map(({ message }) => message),
      [],
    );
    assert.ok(before.length > 0);
  });

  it("changes nothing of any other service", async () => {
    const without = await replanned("prod", (config) => {
      config.gateways.rest = { domain: "rest.api.example.com" };
      delete config.gateways.http.services;
    });
    const added = plan.graph.resources.filter(({ urn }) => !without.graph.resources.some((each) => each.urn === urn));
    const strangers = added.filter(({ name }) => !/-(notes|not-[0-9a-f]{7})(-|$)/.test(name));
    assert.deepEqual(
      strangers.map(({ name }) => name),
      [],
    );
  });
});
