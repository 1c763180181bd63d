import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Graph } from "../../graph/model";
import { evaluate } from "../../graph/policy/evaluate";
import { evaluateState } from "../../policy/check/evaluate";
import { evaluateExport } from "../../policy/check/evaluate-export";
import { hasMandatory } from "../../policy/check/finding";
import { renderFindings } from "../../policy/check/render";
import { renderSarif } from "../../policy/check/sarif";
import { readStackFile } from "../../policy/check/stack-file";
import { rules } from "../../policy/rules";
import { broken, graphOf } from "./helpers";
import { worlds } from "./worlds";

const faulty = (): Graph =>
  graphOf(
    broken(broken(worlds.ecs.draft, "balancer", "desyncMitigationMode", "monitor"), "cluster", "configuration", {
      executeCommandConfiguration: { logging: "NONE" },
    }),
  );

describe("policy: what people and machines are told", () => {
  it("groups findings by level and rule, with the reason and the fix once, and counts them", async () => {
    const text = renderFindings(await evaluate(faulty()));
    assert.equal(
      text,
      `policy, must be fixed (1)
  load-balancer-desync  medium  x1
    why:  In monitor mode such requests reach the servers, and can carry a second request past the rules.
    fix:  set desyncMitigationMode to defensive or strictest (https://docs.aws.amazon.com/securityhub/latest/userguide/elb-controls.html#elb-12)
    - Elastic Load Balancing load balancer "balancer" must refuse ambiguous requests, got desyncMitigationMode "monitor"

policy, advice (1)
  cluster-exec-logged  medium  x1
    why:  With the log off, what an operator ran in production leaves no record.
    fix:  set configuration.executeCommandConfiguration.logging to DEFAULT (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html)
    - ECS cluster "cluster" must log commands run in containers, got configuration.executeCommandConfiguration.logging NONE

policy: ${rules.length} rules, 1 mandatory, 1 advisory, 0 not evaluated`,
    );
  });

  it("names the resource whose value is unknown", async () => {
    const graph = graphOf({ balancer: ["aws:lb/loadBalancer:LoadBalancer", { desyncMitigationMode: "[unknown]" }] });
    const found = await evaluate(graph, { rules: rules.filter(({ name }) => name === "load-balancer-desync") });
    assert.match(
      renderFindings(found),
      /- balancer: Not evaluated: desyncMitigationMode is not known before deployment\n/,
    );
    assert.equal(hasMandatory(found), false);
  });

  it("writes SARIF with an error, a warning, and the rules that found something", async () => {
    const { version, runs }: any = renderSarif(await evaluate(faulty()), "Pulumi.prod.yaml");
    assert.equal(version, "2.1.0");
    assert.deepEqual(
      runs[0].tool.driver.rules.map(({ id }: any) => id),
      ["cluster-exec-logged", "load-balancer-desync"],
    );
    assert.deepEqual(
      runs[0].results.map(({ ruleId, ruleIndex, level, locations }: any) => [
        ruleId,
        ruleIndex,
        level,
        locations[0].physicalLocation.artifactLocation.uri,
      ]),
      [
        ["load-balancer-desync", 1, "error", "Pulumi.prod.yaml"],
        ["cluster-exec-logged", 0, "warning", "Pulumi.prod.yaml"],
      ],
    );
  });

  it("finds the same in an exported stack as in the plan of it", async () => {
    const graph = faulty();
    const { findings } = await evaluateState(readExported(exportOf(graph)));
    assert.deepEqual(findings, await evaluate(graph));
  });

  it("reads a reference to a resource, which components put out, by its id, or by its URN", () => {
    const exported = exportOf(graphOf({ topic: ["aws:sns/topic:Topic", {}] }));
    const signature = { "4dabf18193072939515e22adb298388d": "5cf8f73096256a8f31e491e813e4eb8e" };
    const urn = "urn:pulumi:dev::platform::aws:ecr/repository:Repository::images";
    Object.assign(exported.deployment.resources[0]!, {
      outputs: { repository: { ...signature, urn, id: "images" }, component: { ...signature, urn } },
    });
    const { outputs } = readExported(exported).find((state) => "repository" in state.outputs)!;
    assert.deepEqual([outputs["repository"], outputs["component"]], ["images", urn]);
  });

  it("does not pass an encrypted value of an exported stack in silence", async () => {
    const graph = graphOf({ topic: ["aws:sns/topic:Topic", { policy: "secret" }] });
    const exported = exportOf(graph);
    const [topic] = exported.deployment.resources.filter(({ type }) => type.startsWith("aws:sns"));
    topic!.inputs = {
      policy: { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext: "djE6" },
    };
    const { findings } = await evaluateState(readExported(exported), {
      rules: rules.filter(({ name }) => name === "topic-not-public"),
    });
    assert.deepEqual(
      findings.map(({ level }) => level),
      ["not-evaluated"],
    );
  });

  it("finds encrypted environment variables of a function, which are plain text in AWS", async () => {
    const exported = exportOf(graphOf({ fn: ["aws:lambda/function:Function", {}] }));
    const [fn] = exported.deployment.resources.filter(({ type }) => type.startsWith("aws:lambda"));
    const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext: "djE6" };
    fn!.inputs = {
      environment: { variables: { API_KEY: secret, DATABASE_URL: secret, REGION: secret, STAGE: "dev" } },
      role: secret,
    };
    const { findings } = await evaluateExport(readExported(exported), {
      rules: rules.filter(({ name }) => name === "function-no-plain-secret"),
    });
    const messages = findings.map(({ message }) => message);
    assert.deepEqual(messages.length, 1);
    assert.match(
      messages[0]!,
      /must have no secret in its environment variables, got API_KEY, DATABASE_URL; put API_KEY, DATABASE_URL into Secrets/,
    );
  });

  it("says that what it cannot know of an exported stack is encrypted or of another stack", async () => {
    const exported = exportOf(graphOf({ topic: ["aws:sns/topic:Topic", {}] }));
    const [topic] = exported.deployment.resources.filter(({ type }) => type.startsWith("aws:sns"));
    topic!.inputs = {
      policy: { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext: "djE6" },
    };
    const { findings } = await evaluateExport(readExported(exported), {
      rules: rules.filter(({ name }) => name === "topic-not-public"),
    });
    assert.deepEqual(
      findings.map(({ message }) => message),
      ["Not evaluated: policy is not in the export, or encrypted there"],
    );
  });

  it("refuses a file that is no exported stack in one sentence", () => {
    assert.throws(() => readExported({}), {
      name: "UserError",
      message: /has no deployment\.resources; export the stack with `pulumi stack export`$/,
    });
    assert.throws(() => readStackFile("/nowhere.json"), {
      name: "UserError",
      message: /^\/nowhere\.json cannot be read as JSON: .*; export it with `pulumi stack export`$/,
    });
  });
});

/** As `pulumi stack export` prints it. */
function exportOf(graph: Graph) {
  return {
    version: 3,
    deployment: {
      resources: graph.resources.map(
        ({ urn, type, custom, inputs, outputs, provider, dependencies, propertyDependencies, protect }) => ({
          urn,
          type,
          custom,
          id: outputs["id"],
          inputs: inputs as Record<string, unknown>,
          outputs,
          provider: provider === undefined ? undefined : `${provider}::1`,
          dependencies,
          propertyDependencies,
          protect,
        }),
      ),
    },
  };
}

function readExported(document: object) {
  const folder = mkdtempSync(join(tmpdir(), "policy-"));
  try {
    writeFileSync(join(folder, "stack.json"), JSON.stringify(document));
    return readStackFile(join(folder, "stack.json"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
