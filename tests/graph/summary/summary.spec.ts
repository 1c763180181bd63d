import assert from "node:assert/strict";
import { catalog, serviceNames } from "../../../apps/catalog";
import type { Graph } from "../../../graph/model";
import { planStack } from "../../../graph/plan";
import { serviceRows } from "../../../graph/summary/service-rows";
import { renderSummary } from "../../../graph/summary/summary";
import type { Finding } from "../../../policy/check/finding";
import { renderFindingCounts } from "../../../policy/check/render";
import { planned, replanned } from "../../conformance/plans";
import { sampleNames } from "../../helpers/samples";

const further = Object.values(catalog).flatMap(({ needs }) => Object.keys(needs.tables ?? {}));
const tables = serviceNames.length + further.length;

/** Rows of the services that these tests name, in the order of their names. */
const sampleRows = (graph: Graph) =>
  serviceRows(graph).filter(({ service }) => (sampleNames as readonly string[]).includes(service));

/** Rows of the table of services, by service. */
const rowsOf = async (stack: string) => {
  const rows = serviceRows(await planStack(stack));
  return Object.fromEntries(rows.map(({ service, ...cells }) => [service, cells]));
};

describe("the plan on one screen", () => {
  it("fits 24 lines of 120 characters for prod and its four services, findings included", async () => {
    const { graph } = await planned("prod");
    const lines = `${renderSummary(graph, 99.9)}\n\n${renderFindingCounts([])}`.split("\n");
    const others = serviceNames.length - sampleNames.length;
    assert.ok(lines.length <= 24 + others, `${lines.length} lines`);
    assert.deepEqual(
      lines.filter((line) => line.length > 120),
      [],
    );
  });

  it("begins with what the stack owns, where, and how much of it is protected", async () => {
    const first = async (stack: string) => renderSummary(await planStack(stack)).split("\n")[0];
    const { resources } = (await planned("prod")).graph;
    const total = resources.filter(({ type }) => /^awsx?:/.test(type)).length;
    assert.equal(
      await first("prod"),
      `prod owns network, identity, data, compute and edge in eu-central-1 and eu-west-1: ${total} resources, ${tables + 6} protected`,
    );
    const data = `${tables} resources, ${tables} protected`;
    assert.equal(await first("prod-data"), `prod-data owns data in eu-west-1: ${data}`);
  });

  it("has a line per service: pattern, way in, servers and zones", async () => {
    const { graph } = await planned("prod");
    const cells = sampleRows(graph).map(({ service, pattern, reach, servers }) => [service, pattern, reach, servers]);
    assert.deepEqual(cells, [
      ["food-store", "ecs", "Cloud Map", "3 to 12 over 3 zones"],
      ["pet-store", "lambda", "function alias", "6 warm, 200 at most"],
      ["price-calculator", "beanstalk", "internal balancer", "3 to 12 over 3 zones"],
      ["shipping", "ec2", "internal balancer", "3 to 12 over 3 zones"],
    ]);
  });

  it("counts routes by what they need, and names those that leave for another URL", async () => {
    const { graph } = await planned("prod");
    assert.deepEqual(
      sampleRows(graph).map(({ routes, regions }) => [routes, regions]),
      [
        ["6 open, 1 signed in", ""],
        ["7 open, 4 signed in", ""],
        ["4 open, 7 signed in", ""],
        ["8 open, 3 signed in, 1 of them to an outside URL", ""],
      ],
    );
    const closed = await replanned("dev", ({ services }) => {
      services["food-store"].routes = { "put-food": { enabled: false } };
    });
    assert.equal(sampleRows(closed.graph)[0]!.routes, "6 open, 0 signed in");
  });

  it("follows a pattern that is switched, and its ingress", async () => {
    const { graph } = await replanned("dev", ({ services }) => {
      Object.assign(services["food-store"], { pattern: "lambda" });
      Object.assign(services["pet-store"], { pattern: "ecs", ecs: { ingress: "alb" } });
    });
    assert.deepEqual(
      sampleRows(graph)
        .slice(0, 2)
        .map(({ pattern, reach, servers }) => [pattern, reach, servers]),
      [
        ["lambda", "function alias", "0 warm, no limit"],
        ["ecs", "internal balancer", "2 to 4 over 2 zones"],
      ],
    );
  });

  it("says of a stack per layer what another stack owns", async () => {
    const compute = (await rowsOf("prod-compute"))["food-store"]!;
    assert.deepEqual(
      [compute.pattern, compute.reach, compute.servers, compute.routes],
      ["ecs", "in another stack", "3 to 12 over 3 zones", "in another stack"],
    );
    const edge = (await rowsOf("prod-edge"))["food-store"]!;
    assert.deepEqual(
      [edge.pattern, edge.reach, edge.servers, edge.routes],
      ["in another stack", "Cloud Map", "in another stack", "6 open, 1 signed in"],
    );
    assert.deepEqual(await rowsOf("prod-network"), {});
  });

  it("has a line per region where regions differ", async () => {
    const { graph } = await planned("prod");
    const resources = graph.resources.map((resource) =>
      resource.name === "eu-west-1-shipping-servers"
        ? { ...resource, inputs: { ...resource.inputs, maxSize: 20 } }
        : resource,
    );
    const rows = serviceRows({ ...graph, resources }).filter(({ service }) => service === "shipping");
    assert.deepEqual(
      rows.map(({ servers, regions }) => [servers, regions]),
      [
        ["3 to 12 over 3 zones", "eu-central-1"],
        ["3 to 20 over 3 zones", "eu-west-1"],
      ],
    );
    assert.match(renderSummary({ ...graph, resources }), / {2}regions\n/);
  });
});

describe("the findings of a plan on one screen", () => {
  const finding = (level: Finding["level"], severity: Finding["severity"]): Finding => ({
    policy: "bucket-tls",
    level,
    severity,
    urn: "urn:pulumi:test::platform::aws:s3/bucket:Bucket::logs",
    message: `Bucket "logs" must be one thing, got ${level} ${severity}`,
  });

  it("are counted by severity", () => {
    const text = renderFindingCounts([
      finding("advisory", "low"),
      finding("advisory", "high"),
      finding("advisory", "low"),
      finding("not-evaluated", "medium"),
    ]);
    assert.match(
      text,
      /^policy: \d+ rules, 0 mandatory, 3 advisory \(1 high, 2 low\), 1 not evaluated; --findings shows all$/,
    );
    assert.match(renderFindingCounts([]), /^policy: \d+ rules, 0 mandatory, 0 advisory, 0 not evaluated$/);
  });

  it("are whole where they are mandatory", () => {
    const text = renderFindingCounts([finding("mandatory", "critical"), finding("advisory", "low")]);
    assert.match(text, /^policy, must be fixed \(1\)\n {2}bucket-tls {2}critical {2}x1\n {4}why: /);
    assert.match(text, /- Bucket "logs" must be one thing, got mandatory critical\n\npolicy: /);
    assert.match(text, / 1 mandatory \(1 critical\), 1 advisory \(1 low\), 0 not evaluated; --findings shows all$/);
    assert.doesNotMatch(text, /got advisory/);
  });
});
