import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ChannelCredentials } from "@grpc/grpc-js";
import * as services from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import * as analyzer from "@pulumi/pulumi/proto/analyzer_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { projectRoot } from "../../graph/project-root";
import { rules } from "../../policy/rules";

/** The pack as the engine starts it: the language host's own entry, in the pack's folder. */
describe("policy: the pack behind the engine's protocol", function () {
  // Here the pack is TypeScript, whose types the language host checks: twelve seconds of a core.
  this.timeout(120_000);
  let host: ChildProcess;
  let client: any;
  const call = (method: string, request: object) =>
    new Promise<any>((resolve, reject) =>
      client[method](request, (error: Error | null, response: unknown) => (error ? reject(error) : resolve(response))),
    );

  before(async () => {
    const entry = join(projectRoot, "node_modules/@pulumi/pulumi/cmd/run-policy-pack");
    const folder = join(projectRoot, "policy");
    host = spawn(process.execPath, [entry, "127.0.0.1:1", folder], {
      cwd: folder,
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [port] = await once(host.stdout!, "data");
    client = new (services as any).AnalyzerClient(
      `127.0.0.1:${String(port).trim()}`,
      ChannelCredentials.createInsecure(),
    );
  });

  after(() => {
    client?.close();
    host?.kill();
  });

  it("offers every rule under its name, with the level and the schema of its configuration", async () => {
    const info = await call("getAnalyzerInfo", new Empty());
    assert.equal(info.getName(), "platform-policy");
    const policies = info.getPoliciesList();
    assert.deepEqual(
      policies.map((one: any) => one.getName()),
      ["pack", ...rules.map(({ name }) => name), "waivers"],
    );
    const one = policies.find((policy: any) => policy.getName() === "zones");
    assert.equal(one.getEnforcementlevel(), analyzer.EnforcementLevel.MANDATORY);
    assert.deepEqual(Object.keys(one.getConfigschema().getProperties().toJavaScript()).sort(), ["class", "zones"]);
  });

  it("judges a resource, and obeys the engine's configuration", async () => {
    const judged = async () => {
      const request = new analyzer.AnalyzeRequest();
      request.setType("aws:lb/loadBalancer:LoadBalancer");
      request.setName("front");
      request.setUrn("urn:pulumi:prod::shop::aws:lb/loadBalancer:LoadBalancer::front");
      request.setProperties(
        Struct.fromJavaScript({
          dropInvalidHeaderFields: true,
          enableZonalShift: true,
          desyncMitigationMode: "monitor",
          enableDeletionProtection: true,
          accessLogs: { enabled: true },
        }),
      );
      request.setOptions(new analyzer.AnalyzerResourceOptions());
      const response = await call("analyze", request);
      return response.getDiagnosticsList().map((one: any) => [one.getPolicyname(), one.getEnforcementlevel()]);
    };
    assert.deepEqual(await judged(), [["load-balancer-desync", analyzer.EnforcementLevel.MANDATORY]]);
    const request = new analyzer.ConfigureAnalyzerRequest();
    const config = new analyzer.PolicyConfig();
    config.setEnforcementlevel(analyzer.EnforcementLevel.DISABLED);
    config.setProperties(Struct.fromJavaScript({}));
    request.getPolicyconfigMap().set("load-balancer-desync", config);
    await call("configure", request);
    assert.deepEqual(await judged(), []);
  });

  it("judges a stack by zones that only the links between resources tell", async () => {
    const request = new analyzer.AnalyzeStackRequest();
    const subnets = ["a", "b"].map((zone) =>
      add(request, "aws:ec2/subnet:Subnet", zone, { availabilityZone: `eu-west-1${zone}` }),
    );
    add(request, "aws:apigatewayv2/vpcLink:VpcLink", "link", {}, { links: { subnetIds: subnets } });
    assert.deepEqual(await judgeStack(request), []); // nothing in it is there twice
    const configuration = new analyzer.ConfigureAnalyzerRequest();
    const config = new analyzer.PolicyConfig();
    config.setProperties(Struct.fromJavaScript({ class: "production" }));
    configuration.getPolicyconfigMap().set("pack", config);
    await call("configure", configuration);
    assert.deepEqual(await judgeStack(request), [
      `zones: API Gateway VPC link "link" must have subnets in 3 zones, got 2; add subnets of further zones, or set zones in the pack's configuration to what the service level needs`,
    ]);
  });

  it("judges the VPC that awsx made, and not the component a second time", async () => {
    const request = new analyzer.AnalyzeStackRequest();
    const component = add(request, "awsx:ec2:Vpc", "net", {});
    const vpc = add(request, "aws:ec2/vpc:Vpc", "net", {}, { parent: component });
    add(request, "aws:ec2/flowLog:FlowLog", "flows", {}, { links: { vpcId: [vpc] } });
    const found = await judgeStack(request);
    assert.deepEqual(found, [
      'vpc-default-security-group: EC2 VPC "net" must have a default security group without rules, got the one that AWS makes; add an aws.ec2.DefaultSecurityGroup for the VPC, without rules',
    ]);
  });

  /** Shows each resource by itself first, as the engine does with all that the program registers. */
  async function judgeStack(request: analyzer.AnalyzeStackRequest): Promise<string[]> {
    for (const resource of request.getResourcesList()) {
      const own = new analyzer.AnalyzeRequest();
      own.setType(resource.getType());
      own.setName(resource.getName());
      own.setUrn(resource.getUrn());
      own.setProperties(resource.getProperties());
      own.setOptions(resource.getOptions());
      await call("analyze", own);
    }
    const response = await call("analyzeStack", request);
    return response.getDiagnosticsList().map((one: any) => `${one.getPolicyname()}: ${one.getMessage()}`);
  }
});

/** Adds a resource as the engine describes it. @returns its URN */
function add(
  request: any,
  type: string,
  name: string,
  props: object,
  { links = {}, parent = "" }: { links?: Record<string, string[]>; parent?: string } = {},
): string {
  const one = new analyzer.AnalyzerResource();
  const urn = `urn:pulumi:prod::shop::${parent === "" ? "" : "awsx:ec2:Vpc$"}${type}::${name}`;
  one.setType(type);
  one.setName(name);
  one.setUrn(urn);
  one.setParent(parent);
  one.setProperties(Struct.fromJavaScript(props as any));
  one.setOptions(new analyzer.AnalyzerResourceOptions());
  for (const [key, urns] of Object.entries(links)) {
    const dependencies = new analyzer.AnalyzerPropertyDependencies();
    dependencies.setUrnsList(urns);
    one.getPropertydependenciesMap().set(key, dependencies);
  }
  request.addResources(one);
  return urn;
}

describe("policy: the command", function () {
  this.timeout(30_000);

  it("exits with 1 when a stack breaks a mandatory rule, and prints SARIF about that file", () => {
    const folder = mkdtempSync(join(tmpdir(), "policy-"));
    const file = join(folder, "stack.json");
    const urn = "urn:pulumi:prod::shop::aws:kms/key:Key::main";
    writeFileSync(
      file,
      JSON.stringify({
        deployment: {
          resources: [{ urn, type: "aws:kms/key:Key", custom: true, inputs: { enableKeyRotation: false } }],
        },
      }),
    );
    const run = spawnSync(
      process.execPath,
      [join(projectRoot, "cli/platform.cjs"), "policy", "--file", file, "--sarif"],
      { encoding: "utf8" },
    );
    rmSync(folder, { recursive: true });
    assert.equal(run.stderr, "looked at: 1 of 1 resources\n");
    assert.equal(run.status, 1);
    const [{ ruleId, level, locations }] = JSON.parse(run.stdout).runs[0].results;
    assert.deepEqual(
      [ruleId, level, locations[0].physicalLocation.artifactLocation.uri],
      ["key-rotation", "error", file],
    );
  });
});
