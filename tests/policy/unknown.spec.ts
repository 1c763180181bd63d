import assert from "node:assert/strict";
import { evaluate } from "../../graph/policy/evaluate";
import { rules } from "../../policy/rules";
import type { Case } from "./case";
import { cases } from "./cases";
import { everySeverity } from "./config";
import { graphOf, type World } from "./helpers";
import { worlds } from "./worlds";

/** Where it counts that there is a value: one that is not known yet is there. */
const present = [
  "alarm-actions",
  "cache-auth",
  "distribution-logging",
  "distribution-waf",
  "domain-in-vpc",
  "event-dead-letters",
  "event-retries",
  "experiment-log",
  "function-failure-destination",
  "log-group-key",
  "method-validator",
  "permission-api-source",
  "permission-bucket-account",
  "permission-source",
  "primary-health-check",
  "queue-dead-letters",
  "subscription-dead-letters",
  "topic-encrypted",
  "zonal-autoshift",
];
/** Where what the value was made from tells enough. */
const linked = [
  "endpoint-zones",
  "failover-own-check",
  "nat-per-zone",
  "nested-zones",
  "queue-dead-letter-alarm",
  "route-table-internet-gateway",
  "task-roles-apart",
  "zones",
];
/** Where it is about an option of the resource, which the program always knows. */
const options = ["table-key-protected"];

describe("policy: values that are not known before the deployment", () => {
  it("are said to be not evaluated, never broken and never passed in silence", async () => {
    const silent: string[] = [];
    for (const [name, own] of Object.entries<Case>(cases)) {
      const [[resource, path] = ["", ""], ...more] = own.change;
      if (more.length > 0 || path === "") continue;
      const found = await withUnknown(name, own, resource, path.split(".")[0]!);
      assert.deepEqual(
        found.filter(({ level }) => level !== "not-evaluated").map(({ message }) => message),
        [],
        name,
      );
      if (found.length === 0) silent.push(name);
    }
    assert.deepEqual(silent.sort(), [...present, ...linked, ...options].sort());
  });

  it("name the property, and the resource", async () => {
    const [found] = await withUnknown(
      "load-balancer-desync",
      cases["load-balancer-desync"]!,
      "balancer",
      "desyncMitigationMode",
    );
    assert.equal(found?.message, "Not evaluated: desyncMitigationMode is not known before deployment");
    assert.match(found?.urn ?? "", /::balancer$/);
  });

  it("on one resource leave the others judged", async () => {
    const graph = graphOf({
      a: ["aws:autoscaling/group:Group", { vpcZoneIdentifiers: "[unknown]" }],
      b: ["aws:autoscaling/group:Group", { availabilityZones: ["eu-west-1a"] }],
    });
    const found = await evaluate(graph, {
      rules: rules.filter(({ name }) => name === "zones"),
      configOf: everySeverity(),
    });
    assert.deepEqual(
      found.map(({ level, message }) => `${level}: ${message.replace(/;.*/, "")}`),
      [
        'mandatory: EC2 Auto Scaling group "b" must have servers in 3 zones, got 1',
        "not-evaluated: Not evaluated: vpcZoneIdentifiers is not known before deployment",
      ],
    );
  });
});

function withUnknown(rule: string, { world, config }: Case, name: string, property: string) {
  const sound: World = worlds[world];
  const graph = graphOf(sound.draft);
  const resources = graph.resources.map((one) =>
    one.name === name && one.type !== "pulumi:providers:aws"
      ? {
          ...one,
          inputs: { ...one.inputs, [property]: "[unknown]" },
          outputs: { ...one.outputs, [property]: "[unknown]" },
        }
      : one,
  );
  return evaluate(
    { ...graph, resources },
    {
      rules: rules.filter((one) => one.name === rule),
      configOf: everySeverity({ ...sound.config, ...config }),
    },
  );
}
