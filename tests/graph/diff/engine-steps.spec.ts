import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { compare } from "../../../graph/diff/compare";
import type { Difference } from "../../../graph/diff/difference";
import { planStack } from "../../../graph/plan";
import { projectRoot } from "../../../graph/project-root";
import { planned } from "../../conformance/plans";
import { changes } from "../../engine/changes";
import type { Project } from "../../engine/helpers/project";
import { valuesOf, writtenOut } from "../../helpers/configuration";

/** Changes of tests/engine/changes.ts that need no other source than configuration. */
const configured = [
  "another token lifetime",
  "another throttle of everything",
  "another throttle of one route",
  "a route turned off, the last that needs its scope",
  "more servers at most",
  "another origin for browsers",
  "somebody to tell of alarms",
  "larger containers",
  "a newer release of the servers' image",
  "another pattern",
];

/** Plans dev after a change, as the engine tests make it. */
function after(name: string) {
  const config = renamed(writtenOut("dev"), (key) => `platform:${key}`);
  const project = {
    configure: (_: string, change: (config: object) => void) => change(config),
    cloud: { images: { publish: () => {} } },
  };
  changes[name]!.make(project as unknown as Project);
  return planStack("dev", { config: valuesOf(renamed(config, (key) => key.slice("platform:".length))) });
}

function renamed(values: object, rename: (key: string) => string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [rename(key), value]));
}

/** Steps as the engine tests write them: `replace TaskDefinition food-store-task`. */
function stepsOf({ changes }: Difference): string[] {
  return changes
    .map(({ operation, type, name }) => `${operation} ${type.split(":").at(-1)} ${name.replaceAll("eu-west-1-", "")}`)
    .sort();
}

/** Steps that the engine took, of tests/engine/changes.ts or changes.txt. Components exist in the state alone. */
function engineSteps(name: string): string[] {
  const given = changes[name]!.exactly;
  if (given !== undefined) return [...given].sort();
  const text = readFileSync(join(projectRoot, "tests/engine/changes.txt"), "utf8");
  const block = text.split(/^# /m).find((each) => each.startsWith(`${name}\n`))!;
  const components = /^(Canary|EcsService|Forwarder|LambdaService|PlatformFunction)$/;
  return block
    .split("\n")
    .slice(1)
    .flatMap((line) => {
      const [, operation, type, names] = /^(\w+) (\w+): (.*)$/.exec(line) ?? [];
      return type === undefined || components.test(type)
        ? []
        : names!.split(", ").map((each) => `${operation} ${type} ${each}`);
    })
    .sort();
}

describe("the difference of two plans, next to what the real engine does", function () {
  this.timeout(60_000);

  for (const name of configured) {
    it(`has the steps of the engine after ${name}`, async () => {
      const { graph } = await planned("dev");
      const steps = stepsOf(compare({ from: "dev", graph, deployed: false }, await after(name)));
      assert.ok(steps.length > 0);
      assert.deepEqual(steps, engineSteps(name));
    });
  }
});
