import { readFileSync } from "node:fs";
import { join } from "node:path";
import { catalog } from "../../apps/catalog";
import type { ServiceContract } from "../../apps/kit/contract";
import { projectRoot } from "../../graph/project-root";

/** Returns docs/calls.md with its picture of who calls whom as the contracts say. */
export function callsPage(): string {
  const page = readFileSync(join(projectRoot, "docs/calls.md"), "utf8");
  const picture = /(```mermaid\n)[\s\S]*?(```)/;
  if (!picture.test(page)) throw new Error("docs/calls.md has no mermaid block to draw who calls whom in");
  return page.replace(picture, (_, begin: string, end: string) => `${begin}${callGraph(Object.values(catalog))}${end}`);
}

/** Draws services as boxes and their calls as arrows that name the routes. */
export function callGraph(contracts: readonly Pick<ServiceContract, "name" | "calls">[]): string {
  const boxes = contracts.map(({ name }) => `  ${name}`);
  const arrows = contracts.flatMap(({ name, calls }) =>
    Object.entries(calls).map(([callee, routes]) => `  ${name} -- ${routes.join(", ")} --> ${callee}`),
  );
  return `${["flowchart LR", ...boxes, ...arrows].join("\n")}\n`;
}
