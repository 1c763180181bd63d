import assert from "node:assert/strict";
import { catalog } from "../../../apps/catalog";
import { type PatternName, patternNames } from "../../../infra/compute/registry";
import { parseConfig } from "../../../stacks/config/read";
import { configuredServices } from "../../../stacks/config/services";
import { waitsFor } from "../../../stacks/config/waiting-keys";
import { writtenOut } from "../../helpers/configuration";
import { planServices } from "../../infra/compute/fixture";
import { set } from "./example";

/** Another value of every key of a service that a pattern may read. */
const others: Readonly<Record<string, unknown>> = {
  "capacity.peak": 4,
  "capacity.max": 30,
  "capacity.size": "large",
  "scaling.cpuPercent": 20,
  "ecs.ingress": "alb",
  "ecs.spotPercent": 30,
  "ecs.memoryPercent": 20,
  "ec2.requestsPerSecond": 7,
  "lambda.reservedConcurrency": 50,
  "lambda.provisionedConcurrency": 3,
};

/** food-store under a pattern, and what the pattern plans for it. */
async function runAs(pattern: PatternName, key?: string) {
  const written = writtenOut("prod");
  written.services["food-store"] = {
    ...written.services["food-store"],
    pattern,
    capacity: { peak: 2, max: 12, size: "medium" },
  };
  if (key !== undefined) set(written, `services.food-store.${key}`, others[key]);
  const config = parseConfig(written, "prod", catalog);
  const plan = await planServices([configuredServices(config, catalog)[0]!]);
  return { config, plan: JSON.stringify(plan.graph) };
}

describe("a key of a service", () => {
  it("is one of those that have another value here", () => {
    const { pattern: _, ...groups } = writtenOut("prod").services["pet-store"];
    const keys = Object.entries<object>(groups).flatMap(([group, each]) =>
      Object.keys(each).map((key) => `${group}.${key}`),
    );
    assert.deepEqual(Object.keys(others).sort(), keys.sort());
  });

  for (const pattern of patternNames) {
    it(`waits for another pattern than ${pattern} exactly when a change of it changes nothing`, async () => {
      const { plan: unchanged, config } = await runAs(pattern);
      const waiting: string[] = [];
      for (const key of Object.keys(others)) {
        if ((await runAs(pattern, key)).plan === unchanged) waiting.push(key);
      }
      const expected = Object.keys(others).filter((key) => waitsFor(`services.food-store.${key}`, config).length > 0);
      assert.deepEqual(waiting, expected);
      assert.ok(waiting.length > 2 && waiting.length < Object.keys(others).length);
    });
  }

  it("waits for the patterns that read it", () => {
    const { services } = parseConfig(writtenOut("dev"), "dev", catalog);
    assert.deepEqual(waitsFor("services.pet-store.capacity.peak", { services }), ["ec2", "ecs", "beanstalk"]);
    assert.deepEqual(waitsFor("services.pet-store.ecs.ingress", { services }), ["ecs"]);
    assert.deepEqual(waitsFor("services.food-store.ecs.ingress", { services }), []);
    assert.deepEqual(waitsFor("services.food-store.lambda", { services }), ["lambda"]);
    assert.deepEqual(waitsFor("services.shipping.legacyUrl", { services }), []);
    assert.deepEqual(waitsFor("services.toys.ecs.ingress", { services }), []);
    assert.deepEqual(waitsFor("tokens.accessMinutes", { services }), []);
  });
});
