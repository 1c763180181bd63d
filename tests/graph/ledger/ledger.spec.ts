import assert from "node:assert/strict";
import { catalog } from "../../../apps/catalog";
import { type Ledger, ledgerOf, notAccepted } from "../../../graph/ledger/ledger";
import { isInside, type LedgerEntry } from "../../../graph/ledger/need";
import { passes, renderLedger } from "../../../graph/ledger/render";
import { textsOf } from "../../../graph/ledger/texts";
import type { Graph } from "../../../graph/model";
import { exactRoutesOf } from "../../../stacks/config/exact-routes";
import { configOf, environments, planned, replanned } from "../../conformance/plans";
import { decoys } from "./decoys";
import { Editor, type Plant } from "./plant";
import { pathPlants } from "./plants-paths";
import { permissionPlants } from "./plants-permissions";
import { startPlants } from "./plants-starts";
import { variablePlants } from "./plants-variables";

const plants: readonly Plant[] = [...variablePlants, ...permissionPlants, ...startPlants, ...pathPlants];
const accepted = configOf("prod").outside;

const outsideOf = ({ entries }: Ledger): readonly LedgerEntry[] =>
  entries.filter(({ answeredBy, region }) => !isInside(answeredBy, region));

const keyOf = ({ purpose, region, service, call, answeredBy }: LedgerEntry, resource: string) =>
  JSON.stringify([purpose, region, service, call, answeredBy.name, resource]);

/** What a changed plan needs outside the region that the plan did not, by resource. */
function newIn(ledger: Ledger, before: readonly LedgerEntry[]) {
  const known = new Set(before.flatMap((entry) => entry.resources.map((each) => keyOf(entry, each))));
  return outsideOf(ledger).flatMap((entry) =>
    entry.resources.filter((each) => !known.has(keyOf(entry, each))).map((resource) => ({ entry, resource })),
  );
}

type Found = ReturnType<typeof newIn>[number];

const explains = (plant: Plant, { entry, resource }: Found) =>
  [plant.answeredBy, ...(plant.also ?? [])].includes(entry.answeredBy.name) &&
  entry.region === plant.region &&
  resource.includes(plant.on);

/** Whether a finding is neither accepted nor the deployment of what was planted. */
const counts = ({ entry }: Found) => entry.accepted === undefined && entry.purpose !== "deploy";

function changed(graph: Graph, ...plants: readonly Pick<Plant, "change">[]): Graph {
  const editor = new Editor(graph);
  for (const { change } of plants) change(editor);
  return editor.done();
}

describe("the ledger", function () {
  this.timeout(120_000);
  let graph: Graph;
  let known: readonly LedgerEntry[];

  before(async () => {
    graph = (await planned("prod")).graph;
    known = outsideOf(ledgerOf(graph, accepted));
  });

  it("finds at least 99 % of 100 dependencies planted one by one, and refuses those to serve or to fail over", () => {
    assert.equal(plants.length, 100);
    const missed = plants.filter((plant) => {
      const planted = ledgerOf(changed(graph, plant), accepted);
      const found = newIn(planted, known);
      if (!found.some((each) => explains(plant, each) && each.entry.purpose === plant.purpose)) return true;
      const gated = plant.purpose === "serve" || plant.purpose === "fail over";
      return gated && passes(planted);
    });
    assert.ok(missed.length <= 1, `missed: ${missed.map(({ what }) => what).join("; ")}`);
  });

  it("finds them planted all at once in under 2 s, with at most 2 that were not planted", () => {
    const all = changed(graph, ...plants);
    const started = performance.now();
    const planted = ledgerOf(all, accepted);
    const milliseconds = performance.now() - started;
    const found = newIn(planted, known);
    const missed = plants.filter((plant) => !found.some((each) => explains(plant, each)));
    const wrong = found.filter((each) => counts(each) && !plants.some((plant) => explains(plant, each)));
    assert.ok(missed.length <= 1, `missed: ${missed.map(({ what }) => what).join("; ")}`);
    assert.ok(wrong.length <= 2, `not planted: ${wrong.map((each) => keyOf(each.entry, each.resource)).join("\n")}`);
    assert.ok(milliseconds < 2_000, `took ${milliseconds} ms`);
  });

  it("finds nothing in changes that stay in the region or are no calls", () => {
    for (const { what, change } of decoys) {
      const found = newIn(ledgerOf(changed(graph, { change }), accepted), known).filter(counts);
      assert.deepEqual(
        found.map((each) => keyOf(each.entry, each.resource)),
        [],
        what,
      );
    }
  });

  it("reads the content of everything but an object, which browsers read", () => {
    const [object] = graph.resources.filter(({ inputs }) => inputs["key"] === "config.json");
    assert.deepEqual(
      textsOf(object!).filter(({ text }) => text.includes("https://")),
      [],
    );
    const content = '{"mainSteps":[{"url":"https://files.example.org/agent"}]}';
    assert.deepEqual(textsOf({ ...object!, type: "aws:ssm/document:Document", inputs: { content } }), [
      { path: ["content", "mainSteps", "0", "url"], text: "https://files.example.org/agent" },
    ]);
  });

  it("names the private record of each task of ecs, and has none with ingress alb", async () => {
    const records = (index: { readonly graph: Graph }) =>
      ledgerOf(index.graph, accepted).entries.filter(({ service }) => service === "Amazon Route 53 private DNS");
    const found = records(await planned("prod"));
    assert.deepEqual(found.map(({ purpose, region, answeredBy }) => [purpose, region, answeredBy.name]).sort(), [
      ["replace", "eu-central-1", "us-east-1"],
      ["replace", "eu-west-1", "us-east-1"],
      ["scale", "eu-central-1", "us-east-1"],
      ["scale", "eu-west-1", "us-east-1"],
    ]);
    const balanced = await replanned("prod", (config) => (config.services["food-store"].ecs = { ingress: "alb" }));
    assert.deepEqual(records(balanced), []);
  });

  it("has a page of documentation for every entry, and a service for every type of the plans", async () => {
    for (const environment of environments) {
      const { entries, unknownTypes } = ledgerOf((await planned(environment)).graph, configOf(environment).outside);
      assert.deepEqual(unknownTypes, []);
      for (const { source } of entries) assert.match(source, /^https:\/\/docs\.aws\.amazon\.com\/|^docs\/ledger\.md#/);
    }
  });

  it("is not passed with a type that it has no service for, or without a reason of the configuration", () => {
    const unknown = changed(graph, {
      change: (editor) =>
        editor.add(
          "aws:quantum/device:Device",
          "x",
          {},
          editor.one("aws:ecs/cluster:Cluster", "eu-west-1-food-store-cluster"),
        ),
    });
    assert.deepEqual(ledgerOf(unknown, accepted).unknownTypes, ["aws:quantum/device:Device"]);
    assert.equal(passes(ledgerOf(unknown, accepted)), false);
    assert.deepEqual([...new Set(notAccepted(ledgerOf(graph)).map(({ service }) => service))].sort(), [
      "carrier.example.com",
      "legacy.example.com",
    ]);
    assert.equal(passes(ledgerOf(graph, accepted)), true);
  });

  it("accepts claims of exact idempotency keys in their home region for the one route that makes them, and no more", () => {
    const homeOf = (changed: Graph) =>
      ledgerOf(changed, accepted, [], exactRoutesOf(configOf("prod"), catalog)).entries.filter(
        ({ purpose, answeredBy, region }) =>
          purpose === "serve" && region === "eu-central-1" && answeredBy.name === "eu-west-1",
      );
    const found = homeOf(graph).filter(({ service }) => service !== "Amazon Cognito");
    assert.deepEqual(
      found.map(({ service, call, resources }) => [service, call, ...resources]),
      [
        ["AWS APIs", "named by the variable TABLE_IDEMPOTENCY_KEYS_HOME", "eu-central-1-shipping-template"],
        [
          "Amazon DynamoDB",
          "DeleteItem, PutItem, UpdateItem of exact idempotency keys",
          "eu-central-1-shipping-role-policy",
        ],
      ],
    );
    for (const each of found) {
      assert.match(each.accepted!, /^POST \/shipping\/shipments alone claims keys .* answers 503 without it/);
    }
    const key = "eu-central-1-shipping-role-policy";
    const rewritten = (rewrite: (policy: string) => string) =>
      homeOf(
        changed(graph, {
          change: (editor) => {
            const inputs = editor.inputs("aws:iam/rolePolicy:RolePolicy", key);
            inputs["policy"] = rewrite(inputs["policy"]);
          },
        }),
      ).filter((each) => each.accepted === undefined);
    const home = /("Resource":"arn:aws:dynamodb:eu-west-1:\d+:table\/eu-west-1-data-shipping)-idempotency-keys/;
    // Another table, or more than claims: neither that nor the variable, which then has no claim, is accepted.
    for (const refused of [
      rewritten((policy) => policy.replace(home, "$1")),
      rewritten((policy) => policy.replaceAll('"dynamodb:DeleteItem"', '"dynamodb:Scan"')),
    ]) {
      assert.deepEqual(
        refused.map(({ service }) => service),
        ["AWS APIs", "Amazon DynamoDB"],
      );
    }
  });

  it("prints one table with sources, and what is outside with the reason", () => {
    const text = renderLedger(ledgerOf(graph, accepted));
    assert.match(
      text,
      /^deploy +AWS IAM +creates and changes resources +control +us-east-1 +eu-central-1, eu-west-1 +\[\d+\]$/m,
    );
    assert.match(text, /^sign in +Amazon Cognito .* eu-west-1 +eu-central-1 +\[\d+\]$/m);
    assert.match(text, /^ {2}accepted: Tracking alone asks the carrier/m);
    assert.match(text, /ledger: passed, nothing outside the region that no reason is given for$/);
    assert.match(
      renderLedger(ledgerOf(graph)),
      /NOT ACCEPTED \(.*\); move it into the region, or accept it: platform:outside has "legacy\.example\.com" with the reason/,
    );
  });
});
