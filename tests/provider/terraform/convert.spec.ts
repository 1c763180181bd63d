import assert from "node:assert/strict";
import { join } from "node:path";
import { projectRoot } from "../../../graph/project-root";
import type { Attribute, AttributeType, Block, Nesting } from "../client/schema";
import { UNKNOWN } from "../client/value";
import { convertInputs } from "./convert";

function block(attributes: Record<string, AttributeType>, blocks: Record<string, [Nesting, Block]> = {}): Block {
  const plain = { required: false, optional: true, computed: false, sensitive: false, deprecated: false };
  return {
    attributes: Object.entries(attributes).map(([name, type]): Attribute => ({ name, type, ...plain })),
    blocks: Object.entries(blocks).map(([name, [nesting, nested]]) => ({ name, nesting, block: nested })),
    deprecated: false,
  };
}

describe("arguments of the provider, made of a resource's inputs,", () => {
  it("are found by their spelling, plural or not, and null or empty where nothing is given", () => {
    const schema = block(
      { vpc_id: "string", subnet_ids: ["set", "string"], vpc_zone_identifier: ["set", "string"], other: "bool" },
      { metric_query: ["SET", block({ id: "string" })], rule: ["LIST", block({})] },
    );
    const inputs = { vpcId: "vpc-1", subnetIds: ["a"], vpcZoneIdentifiers: ["b"], metricQueries: [{ id: "m" }] };
    assert.deepEqual(convertInputs(inputs, schema), {
      config: {
        vpc_id: "vpc-1",
        subnet_ids: ["a"],
        vpc_zone_identifier: ["b"],
        other: null,
        metric_query: [{ id: "m" }],
        rule: [],
      },
      problems: [],
    });
  });

  it("are lists of one where Pulumi has the element alone", () => {
    const schema = block(
      { ingress: ["set", ["object", { rule_no: "number", icmp_code: "number" }]] },
      { health_check: ["LIST", block({ path: "string" })], timeouts: ["SINGLE", block({ create: "string" })] },
    );
    const inputs = { healthCheck: {}, timeouts: { create: "5m" }, ingress: { ruleNo: 100 } };
    const { config } = convertInputs(inputs, schema);
    assert.deepEqual(config, {
      health_check: [{ path: null }],
      timeouts: { create: "5m" },
      ingress: [{ rule_no: 100, icmp_code: null }],
    });
  });

  it("have the schema's types, and are unknown where the plan does not know them", () => {
    const types = { port: "number", encrypted: "string", enabled: "bool", policy: "string", id: "string" } as const;
    const inputs = { port: "443", encrypted: true, enabled: "false", policy: { Version: "1" }, id: "[unknown]" };
    assert.deepEqual(convertInputs(inputs, block({ ...types, tags: ["map", "string"] })).config, {
      port: 443,
      encrypted: "true",
      enabled: false,
      policy: '{"Version":"1"}',
      id: UNKNOWN,
      tags: null,
    });
  });

  it("name files of the project in full, by the name that Pulumi changed", () => {
    const inputs = { code: { archive: "apps" } };
    const { config } = convertInputs(inputs, block({ filename: "string" }), (key) => ({ code: "filename" })[key]);
    assert.deepEqual(config, { filename: join(projectRoot, "apps") });
  });

  it("are missed with a reason, wherever they are", () => {
    const schema = block({ port: "number" }, { rule: ["LIST", block({ id: "string" })] });
    const inputs = { port: "http", colour: "red", rules: [{ id: "1", weight: 2 }, "all"] };
    assert.deepEqual(convertInputs(inputs, schema).problems, [
      { path: "port", reason: 'the provider takes a number, got "http"' },
      { path: "colour", reason: "the provider has no argument of this name" },
      { path: "rules.weight", reason: "the provider has no argument of this name" },
      { path: "rules", reason: 'the provider takes a block, got "all"' },
    ]);
  });
});
