import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { planStack } from "../graph/plan";
import { projectRoot } from "../graph/project-root";
import { operationsSource } from "./docs/aws-operations";
import { callsPage } from "./docs/calls";
import { environmentSchema } from "./docs/environment-schema";
import { gatewaysPage } from "./docs/gateways";
import { leastPrivilegePage } from "./docs/least-privilege";
import { reference } from "./docs/reference";
import { threatsPage } from "./docs/threats";
import { snapshotLines } from "./graph/snapshot";

const snapshot = async (stack: string) => `${snapshotLines(await planStack(stack)).join("\n")}\n`;

/** Files that follow from code and configuration, and how each is made. */
const generated: Readonly<Record<string, () => string | Promise<string>>> = {
  "docs/calls.md": callsPage,
  "docs/gateways.md": () => gatewaysPage(),
  "docs/least-privilege.md": leastPrivilegePage,
  "docs/reference.md": reference,
  "docs/threats.md": threatsPage,
  "local/aws/operations.ts": operationsSource,
  "stacks/config/environment.schema.json": () => `${JSON.stringify(environmentSchema(), null, 2)}\n`,
  "tests/snapshots/dev.txt": () => snapshot("dev"),
  "tests/snapshots/prod.txt": () => snapshot("prod"),
};

/** Writes every generated file anew, and prints which have changed. */
export async function generate(): Promise<void> {
  for (const [path, make] of Object.entries(generated)) {
    const file = join(projectRoot, path);
    const text = await make();
    if (text === readFileSync(file, "utf8")) continue;
    writeFileSync(file, text);
    process.stdout.write(`${path}\n`);
  }
}
