import assert from "node:assert/strict";
import { parseBaseline } from "../../../graph/diff/baseline";
import { buildHashes } from "../../../graph/diff/builds";
import { compare } from "../../../graph/diff/compare";
import type { Difference, ResourceChange } from "../../../graph/diff/difference";
import { renderMarkdown } from "../../../graph/diff/markdown";
import { renderDifference } from "../../../graph/diff/render";
import { planDocument } from "../../../graph/document";
import type { Graph } from "../../../graph/model";
import { planned, replanned } from "../../conformance/plans";
import { exported } from "./exported";

/** The difference from one plan to another, as the command makes it of a file of --json. */
function difference(before: Graph, plan: Graph): Difference {
  return compare(parseBaseline(JSON.stringify(planDocument(before)), "before.json", plan), plan);
}

/** A plan with other inputs of some resources. */
function changed(graph: Graph, name: RegExp, change: (inputs: any) => object): Graph {
  const resources = graph.resources.map((resource) =>
    name.test(resource.name) ? { ...resource, inputs: { ...resource.inputs, ...change(resource.inputs) } } : resource,
  );
  return { ...graph, resources };
}

/** The same plan after other builds: each artifact has another hash, also in what servers run at their start. */
function rebuilt(graph: Graph): Graph {
  const other = (text: string) =>
    [...buildHashes(graph.resources)].reduce(
      (result, hash) => result.replaceAll(hash, [...hash].reverse().join("")),
      text,
    );
  const change = (value: any): any => {
    if (typeof value === "string") return other(value);
    if (Array.isArray(value)) return value.map(change);
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(
      Object.entries<any>(value).map(([key, item]) => [
        key,
        key === "userData"
          ? Buffer.from(other(Buffer.from(item, "base64").toString())).toString("base64")
          : change(item),
      ]),
    );
  };
  return change(graph);
}

const brief = ({ operation, name }: ResourceChange) => `${operation} ${name}`;

describe("the difference of two plans", function () {
  this.timeout(60_000);
  let dev: Graph;
  let prod: Graph;
  before(async () => {
    dev = (await planned("dev")).graph;
    prod = (await planned("prod")).graph;
  });

  it("is nothing between equal plans", () => {
    const same = difference(dev, dev);
    assert.deepEqual([same.changes, same.notKnown], [[], []]);
    const total = dev.resources.filter(({ type }) => /^awsx?:/.test(type)).length;
    assert.equal(renderDifference(same), `dev, compared with before.json: nothing changes, ${total} unchanged`);
  });

  it("of a new route is the route and what it needs, under its service", async () => {
    const without = await replanned("dev", ({ services }) => {
      services["food-store"].routes = { "list-foods": { enabled: false } };
    });
    const { changes } = difference(without.graph, dev);
    assert.deepEqual(changes.map(brief), [
      "create eu-west-1-http-food-store-list-foods",
      "update eu-west-1-http-stage",
      // What publishes the documents, in which the route is now.
      "update eu-west-1-reference-function-alias",
      "update eu-west-1-reference-function",
    ]);
    assert.deepEqual(
      changes.map(({ service, layer }) => [service, layer]),
      [
        ["food-store", "edge"],
        [undefined, "edge"],
        [undefined, "edge"],
        [undefined, "edge"],
      ],
    );
    const text = renderDifference(difference(without.graph, dev));
    assert.match(text, /\n\nfood-store, edge\n {2}\+ 1 in eu-west-1: http-food-store-list-foods \(Route\)\n/);
    assert.match(
      text,
      /\n\nshared, edge\n( {2}± new build: .*\n){2} {2}~ http-stage {2}aws:apigatewayv2:Stage {2}eu-west-1\n/,
    );
  });

  it("of a protected table that is replaced is loud: first, with its loss, and refused", () => {
    const before = changed(prod, /^eu-west-1-data-food-store$/, () => ({ hashKey: "key" }));
    const found = difference(before, prod);
    const table = found.changes.find(({ type }) => type === "aws:dynamodb/table:Table")!;
    assert.deepEqual([table.operation, table.losesData, table.refused], ["replace", true, true]);
    const [, , title, first, ...lines] = renderDifference(found).split("\n");
    assert.equal(title, "DATA IS LOST, OR PULUMI REFUSES IT");
    assert.equal(first, "  ! replace data-food-store  aws:dynamodb:Table  eu-west-1");
    assert.equal(lines[0], "      hashKey: key → id  (replaces)");
    assert.deepEqual(lines.slice(1, 3), [
      "      what it keeps is lost",
      "      protected: pulumi up refuses to replace it",
    ]);
    assert.match(
      renderMarkdown(found),
      /^### .*\n\n\*\*Data is lost, or `pulumi up` refuses it:\*\*\n\n\| change .*\n.*\n\| \*\*replace\*\* \| <code>data-food-store<\/code>/,
    );
  });

  it("says that a deletion of data loses it, and that one without protection is not refused", () => {
    const before = { ...dev, resources: dev.resources };
    const plan = { ...dev, resources: dev.resources.filter(({ name }) => name !== "eu-west-1-data-shipping") };
    const [table] = difference(before, plan).changes;
    assert.deepEqual([table!.operation, table!.losesData, table!.refused], ["delete", true, false]);
    const unprotected = (graph: Graph) => ({
      ...graph,
      resources: graph.resources.map((resource) => ({ ...resource, protect: false })),
    });
    const renamed = changed(prod, /^eu-west-1-data-food-store$/, () => ({ hashKey: "key" }));
    const replaced = difference(renamed, unprotected(prod)).changes.find(({ losesData }) => losesData);
    assert.deepEqual([replaced!.losesData, replaced!.refused], [true, false]);
  });

  it("follows a replacement to what depends on its id, and on from there", () => {
    const before = changed(dev, /-network-function-group$|-link-group$/, () => ({ description: "Another" }));
    const steps = difference(before, dev).changes.map(brief);
    assert.ok(steps.includes("replace eu-west-1-link-group"));
    assert.ok(steps.includes("replace eu-west-1-link-vpc-link"), "its groups cannot be changed");
    assert.ok(steps.includes("update eu-west-1-http-food-store-integration"), "it names the link");
    const integration = difference(before, dev).changes.find(({ name }) => name.endsWith("food-store-integration"))!;
    assert.deepEqual(integration.properties, [
      { path: "connectionId", kind: "follows", source: "eu-west-1-link-vpc-link", replaces: false },
    ]);
  });

  it("of a build names it as a build, with what it replaces, and shows no hash or path", () => {
    const found = difference(rebuilt(dev), dev);
    assert.ok(found.changes.length > 5);
    const others = found.changes.flatMap(({ properties }) => properties.filter(({ kind }) => kind !== "build"));
    assert.deepEqual(others, []);
    const steps = found.changes.map(brief);
    for (const step of [
      "replace eu-west-1-food-store-task",
      "update eu-west-1-food-store-service",
      "replace eu-west-1-shipping-artifact",
    ]) {
      assert.ok(steps.includes(step), step);
    }
    for (const text of [renderDifference(found), renderMarkdown(found)]) {
      assert.doesNotMatch(text, /[0-9a-f]{12}|\.artifacts/);
      assert.match(text, /new build/);
    }
    assert.match(
      renderDifference(found),
      /\n {2}± new build: replace food-store-task {2}aws:ecs:TaskDefinition {2}eu-west-1\n/,
    );
  });

  it("of a second region is a line with its layers, and what changes in the first", async () => {
    const both = await replanned("dev", ({ regions }) => {
      regions.push({ name: "eu-central-1", cidr: "10.24.0.0/16", zones: ["eu-central-1a", "eu-central-1b"] });
    });
    const added = renderDifference(difference(dev, both.graph));
    const count = both.graph.resources.filter(
      ({ region, type }) => region === "eu-central-1" && /^awsx?:/.test(type),
    ).length;
    assert.match(
      added,
      new RegExp(
        `\\n {2}new region eu-central-1: ${count} resources created: network \\d+, compute \\d+, edge \\d+\\n`,
      ),
    );
    assert.match(
      added,
      /\nfood-store, data\n {2}~ data-food-store {2}aws:dynamodb:Table {2}eu-west-1\n {6}replicas: \+ /,
    );
    assert.doesNotMatch(added, /eu-central-1-/);
    const taken = difference(both.graph, dev);
    assert.match(renderDifference(taken), new RegExp(`\\n {2}gone region eu-central-1: ${count} resources deleted: `));
    assert.ok(taken.changes.some(({ losesData, region }) => losesData && region === "eu-central-1"));
  });

  it("joins what is the same in each region", () => {
    const before = changed(prod, /-http-stage$/, () => ({ description: "before" }));
    assert.match(
      renderDifference(difference(before, prod)),
      /~ http-stage {2}aws:apigatewayv2:Stage {2}eu-central-1, eu-west-1\n/,
    );
    const other = changed(prod, /^eu-west-1-http-stage$/, () => ({ description: "before" }));
    assert.match(renderDifference(difference(other, prod)), /~ http-stage {2}aws:apigatewayv2:Stage {2}eu-west-1\n/);
  });

  it("says where it does not know whether a change replaces", () => {
    const before = changed(dev, /-network-vpc$/, () => ({ cidrBlock: "10.9.0.0/16" }));
    const { changes, notKnown } = difference(before, dev);
    assert.deepEqual(
      changes.map(({ maybeReplaces }) => maybeReplaces),
      [true],
    );
    assert.deepEqual(notKnown, ["whether the change replaces, or what it replaces inside: eu-west-1-network-vpc"]);
  });

  it("leaves out inputs whose changes the program ignores", () => {
    const before = changed(dev, /-food-store-service$/, () => ({ desiredCount: 3 }));
    assert.deepEqual(difference(before, dev).changes, []);
  });
});

describe("the difference of a plan and the deployed stack", () => {
  const from = (document: any, plan: Graph) =>
    compare(parseBaseline(JSON.stringify(document), "stack.json", plan), plan);

  it("is nothing after a deployment: ids, names, account and defaults are AWS's and the provider's", async () => {
    for (const environment of ["dev", "prod"] as const) {
      const { graph } = await planned(environment);
      const document = exported(graph);
      assert.ok(
        JSON.stringify(document).includes("444455556666") && !JSON.stringify(document).includes("123456789012"),
      );
      const { changes, notKnown } = from(document, graph);
      assert.deepEqual(
        changes.map((change) => [brief(change), change.properties]),
        [],
      );
      assert.match(notKnown.join("\n"), /^changes of .*-network-vpc.*, whose inputs are not in the state$/m);
      assert.match(
        notKnown.join("\n"),
        /^\d+ values that are secret, or that only AWS knows; they were not compared$/m,
      );
      assert.match(notKnown.join("\n"), /^\d resources? that components of awsx make; a plan has none of them$/m);
    }
  });

  it("has what was configured since, with the real names of what is deployed", async () => {
    const { graph } = await planned("dev");
    const plan = await replanned("dev", ({ services }) => {
      services["food-store"].capacity.size = "medium";
    });
    const { changes } = from(exported(graph), plan.graph);
    assert.deepEqual(changes.map(brief), ["update eu-west-1-food-store-service", "replace eu-west-1-food-store-task"]);
    const document = exported(graph);
    const table = document.deployment.resources.find(({ type }: any) => type === "aws:dynamodb/table:Table");
    table.inputs.hashKey = "key";
    const found = from(document, graph);
    assert.ok(found.changes.some(({ urn, losesData }) => urn === table.urn && losesData));
  });

  it("never shows a secret of the state, open or not", async () => {
    const { graph } = await planned("dev");
    const document = exported(graph);
    const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", plaintext: '"hunter2"' };
    document.deployment.resources.find(({ type }: any) => type === "aws:apigatewayv2/stage:Stage").inputs.description =
      secret;
    const found = from(document, graph);
    assert.deepEqual(found.changes, []);
    for (const text of [renderDifference(found), renderMarkdown(found)]) assert.doesNotMatch(text, /hunter2|v1:abc/);
  });
});
