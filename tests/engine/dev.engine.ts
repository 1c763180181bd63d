import assert from "node:assert/strict";
import { planStack } from "../../graph/plan";
import { delegationLine } from "../../infra/dns/hosted-zone";
import { counts, errors, operations } from "./helpers/events";
import { Project, type Result } from "./helpers/project";
import { operate, staysAsItIs } from "./helpers/stacks";
import { CLOUD_SECRET } from "./provider/cloud";

describe("dev under the real engine", () => {
  let project: Project;
  let preview: Result;
  let up: Result;
  before(async () => {
    project = await Project.make({ asCommitted: true });
    await project.run("stack", "init", "dev");
    preview = await project.run("preview", "-s", "dev");
    up = await project.run("up", "-s", "dev", "--yes", "--skip-preview");
  });
  after(() => project?.close());

  it("previews without an account, and deploys exactly what the preview says", () => {
    assert.deepEqual([preview.code, errors(preview.events)], [0, []]);
    assert.deepEqual([up.code, errors(up.events)], [0, []]);
    assert.deepEqual(operations(up.events), operations(preview.events));
  });

  it("deploys what the offline plan shows, and what awsx makes of the VPC and of providers", async () => {
    const plan = await planStack("dev", { root: project.folder });
    const planned = plan.resources.map(({ type, name }) => `create ${type} ${name}`);
    const extra = operations(up.events).filter((line) => !planned.includes(line));
    assert.deepEqual(
      planned.filter((line) => !operations(up.events).includes(line)),
      [],
    );
    const types = new Set(extra.map((line) => line.split(" ")[1]));
    assert.deepEqual([...types].sort(), [
      "aws:ec2/eip:Eip",
      "aws:ec2/internetGateway:InternetGateway",
      "aws:ec2/natGateway:NatGateway",
      "aws:ec2/route:Route",
      "aws:ec2/routeTable:RouteTable",
      "aws:ec2/routeTableAssociation:RouteTableAssociation",
      "aws:ec2/subnet:Subnet",
      "aws:ec2/vpc:Vpc",
      // The defaults of awsx, and of the engine's own functions; never one of aws, which would have no region.
      "pulumi:providers:awsx",
      "pulumi:providers:pulumi",
    ]);
  });

  it("puts out what it deployed", async () => {
    const { text } = await project.run("stack", "output", "-s", "dev", "--json");
    const outputs = JSON.parse(text.slice(text.indexOf("{")));
    const { url, apiId } = outputs.edge["eu-west-1"];
    assert.equal(url, "https://api.dev.example.org");
    assert.ok(project.cloud.resources.some(({ type, id }) => type === "aws:apigatewayv2/api:Api" && id === apiId));
  });

  it("shows the zone's name servers while it runs, in no preview, and as an output at the end", async () => {
    const zone = project.cloud.resources.find(({ type }) => type === "aws:route53/zone:Zone")!;
    const line = delegationLine("dev.example.org", zone.outputs["nameServers"]);
    assert.ok(up.text.includes(line));
    assert.ok(!preview.text.includes("is served by"));
    assert.ok(up.text.indexOf(line) < up.text.indexOf("Outputs:"));
    const { text } = await project.run("stack", "output", "-s", "dev", "nameServers", "--json");
    assert.deepEqual(JSON.parse(text.slice(text.indexOf("["))), zone.outputs["nameServers"]);
  });

  it("keeps no secret in the clear, neither in the state nor in what it prints", async () => {
    const held = project.cloud.resources.some(({ outputs }) => outputs["clientSecret"] === CLOUD_SECRET);
    assert.ok(held, "the cloud must have a secret to hide");
    const exported = await project.run("stack", "export", "-s", "dev");
    for (const text of [project.state("dev"), exported.text, preview.text, up.text]) {
      assert.ok(!text.includes(CLOUD_SECRET));
    }
  });

  it("changes nothing the second time, nor the times after", async () => {
    await staysAsItIs(project, "dev", 1);
    // As all other suites run it; that the sources are compiled changes nothing either.
    project.compileAll();
    await staysAsItIs(project, "dev");
  });

  it("changes nothing on a refresh", async () => {
    const refresh = await operate(project, "refresh", "dev");
    assert.deepEqual([refresh.code, counts(refresh.events)], [0, { same: counts(up.events)["create"] }]);
  });

  it("finds what somebody changed by hand, and puts it back", async () => {
    const table = project.cloud.resources.find(({ type }) => type === "aws:dynamodb/table:Table")!;
    project.cloud.drift(table, { billingMode: "PROVISIONED" });
    await operate(project, "refresh", "dev");
    const mend = await operate(project, "up", "dev");
    assert.equal(operations(mend.events).length, 1);
    assert.match(operations(mend.events)[0]!, /^update aws:dynamodb\/table:Table /);
    const mended = project.cloud.find(table.type, table.region, table.id);
    assert.equal(mended?.inputs["billingMode"], "PAY_PER_REQUEST");
  });

  it("destroys everything, what a rollback would start from too", async () => {
    const destroy = await project.run("destroy", "-s", "dev", "--yes", "--skip-preview");
    assert.deepEqual([destroy.code, errors(destroy.events)], [0, []]);
    assert.deepEqual(project.cloud.resources, []);
  });
});

it("an environment with the example's names is previewed, and its deployment is refused before anything is made", async () => {
  const project = await Project.make({ exampleNames: true });
  try {
    await project.run("stack", "init", "dev");
    const preview = await project.run("preview", "-s", "dev");
    assert.deepEqual([preview.code, errors(preview.events)], [0, []]);
    const up = await project.run("up", "-s", "dev", "--yes");
    assert.notEqual(up.code, 0);
    assert.match(
      up.text,
      /Pulumi\.dev\.yaml has 1 problem:\s+platform:domain\.zone must be a zone of your own before a deployment, as Route 53 refuses example\.com/,
    );
    assert.deepEqual(project.cloud.resources, []);
  } finally {
    project.close();
  }
});
