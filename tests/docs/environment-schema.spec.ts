import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { projectRoot } from "../../graph/project-root";
import { writtenOut } from "../helpers/configuration";
import { environmentSchema, type JsonSchema } from "./environment-schema";

const path = "stacks/config/environment.schema.json";
const environments = ["dev", "prod"] as const;
const read = (file: string) => readFileSync(join(projectRoot, file), "utf8");
const fileOf = (environment: string) => `Pulumi.${environment}.yaml`;

/** The file of an environment with every default written out. */
function whole(environment: string): any {
  const config = Object.entries(writtenOut(environment)).map(([key, value]) => [`platform:${key}`, value]);
  return { config: Object.fromEntries(config) };
}

/** Objects of a value, itself included, and its other values, each with a way to change it in a copy of the whole. */
function places(value: unknown, at: readonly (string | number)[] = []): { at: (string | number)[]; value: unknown }[] {
  const inner = typeof value === "object" && value !== null ? Object.entries(value) : [];
  return [
    { at: [...at], value },
    ...inner.flatMap(([key, each]) => places(each, [...at, Array.isArray(value) ? Number(key) : key])),
  ];
}

function replaced(file: any, at: readonly (string | number)[], value: unknown): unknown {
  const copy = structuredClone(file);
  const parent = at.slice(0, -1).reduce((each, key) => each[key], copy);
  parent[at.at(-1)!] = value;
  return copy;
}

describe("the JSON schema of an environment's file", () => {
  const committed = JSON.parse(read(path));
  // Not the schema that it was made from, but what an editor makes of the file.
  const schema = z.fromJSONSchema(committed);
  const accepts = (file: unknown) => schema.safeParse(file).success;

  it("is what the code says", () =>
    assert.deepEqual(
      committed,
      JSON.parse(JSON.stringify(environmentSchema())),
      "run `npm run generate` and review the change",
    ));

  it("describes every key", () => {
    const undescribed = (each: JsonSchema, at: string): string[] => [
      ...(each.description || each["$ref"] ? [] : [at]),
      ...Object.entries(each.properties ?? {}).flatMap(([key, inner]) => undescribed(inner, `${at}.${key}`)),
    ];
    const { config } = committed.properties;
    const keys = [...Object.entries(config.properties), ...Object.entries(committed.$defs)] as [string, JsonSchema][];
    assert.ok(keys.length > 15);
    assert.deepEqual(
      keys.filter(([key]) => key !== "service").flatMap(([key, each]) => undescribed(each, key)),
      [],
    );
    const { properties } = committed.$defs.service;
    assert.deepEqual(
      Object.entries<JsonSchema>(properties).flatMap(([key, each]) => undescribed(each, key)),
      [],
    );
  });

  for (const environment of environments) {
    const file = parse(read(fileOf(environment)));

    it(`accepts ${fileOf(environment)}, which names it for editors`, () => {
      const named = /^# yaml-language-server: \$schema=(\S+)\n/.exec(read(fileOf(environment)))?.[1];
      assert.equal(named, path);
      assert.ok(existsSync(join(projectRoot, named)));
      assert.deepEqual(schema.safeParse(file).error?.issues ?? [], []);
    });

    it(`accepts ${environment} with every default written out`, () =>
      assert.deepEqual(schema.safeParse(whole(environment)).error?.issues ?? [], []));

    it(`refuses a misspelt key in every object of ${environment}`, () => {
      const objects = places(whole(environment)).filter(
        ({ value }) => typeof value === "object" && value !== null && !Array.isArray(value),
      );
      assert.ok(objects.length > 30, `${objects.length} objects`);
      const accepted = objects.filter(({ at }) => accepts(replaced(whole(environment), [...at, "patern"], "ecs")));
      assert.deepEqual(
        accepted.map(({ at }) => at.join(".")),
        [],
      );
    });

    it(`refuses a value of the wrong type in every place of ${environment}`, () => {
      const all = places(whole(environment)).filter(({ at }) => at.length > 0);
      assert.ok(all.length > 100, `${all.length} values`);
      const wrong = ({ value }: { value: unknown }) => (typeof value === "string" ? 7 : "seven");
      const accepted = all.filter((place) => accepts(replaced(whole(environment), place.at, wrong(place))));
      assert.deepEqual(
        accepted.map(({ at }) => at.join(".")),
        [],
      );
    });
  }

  const refusals: [title: string, change: (config: any) => void][] = [
    ["a service without a pattern", (config) => delete config["platform:services"].shipping.pattern],
    ["a service that is left out", (config) => delete config["platform:services"].shipping],
    ["a service that is not in the catalog", (config) => (config["platform:services"].toys = { pattern: "ecs" })],
    ["a region that does not exist", (config) => (config["platform:regions"][0].name = "eu-west-9")],
    ["a number out of range", (config) => (config["platform:tokens"] = { accessMinutes: 4 })],
    ["days that CloudWatch does not know", (config) => (config["platform:logRetentionDays"] = 8)],
    [
      "a key at its place of earlier configurations",
      (config) => (config["platform:services"].shipping.ingress = "alb"),
    ],
    ["a key in a namespace that nothing reads", (config) => (config["platfrom:alarms"] = { emails: [] })],
  ];
  for (const [title, change] of refusals) {
    it(`refuses ${title}`, () => {
      const file = parse(read("Pulumi.dev.yaml"));
      change(file.config);
      assert.equal(accepts(file), false);
    });
  }

  it("accepts keys that engine and providers read, and the settings of secrets", () => {
    const file = parse(read("Pulumi.dev.yaml"));
    file.config["aws:region"] = "eu-west-1";
    assert.equal(accepts({ ...file, secretsprovider: "awskms://x", encryptedkey: "x" }), true);
  });
});
