import { readFileSync } from "node:fs";
import { isExport } from "../../policy/check/stack-file";
import type { Graph, PlannedResource } from "../model";
import { UserError } from "../user-error";
import { readDeployed } from "./deployed";
import type { Baseline } from "./difference";

/**
 * Reads a file to compare a plan with: a plan that `plan --json` wrote, or a stack that `pulumi stack export` wrote.
 * @param plan  what it is compared with
 * @throws {UserError} one sentence, when the file is neither, or of another stack
 */
export function readBaseline(path: string, plan: Pick<Graph, "project" | "stack">): Baseline {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new UserError(`${path} cannot be read: ${(error as Error).message}; name a file that exists, or a revision`);
  }
  return parseBaseline(text, path, plan);
}

/**
 * Parses a plan or an exported stack.
 * @param from  where the text is from, for messages
 * @throws {UserError} one sentence, when the text is neither, or of another stack
 */
export function parseBaseline(text: string, from: string, plan: Pick<Graph, "project" | "stack">): Baseline {
  let document: any;
  try {
    document = JSON.parse(text);
  } catch (error) {
    throw new UserError(
      `${from} is not JSON: ${(error as Error).message}; write a plan with \`npm run --silent plan -- ${plan.stack} --json\``,
    );
  }
  const exported = isExport(document) ? readDeployed(from, document) : undefined;
  const graph = exported === undefined ? readDocument(document) : exported;
  if (graph === undefined) {
    throw new UserError(
      `${from} must be a plan of --json or a stack of \`pulumi stack export\`, got neither resources nor a deployment; write it with \`npm run --silent plan -- ${plan.stack} --json\``,
    );
  }
  if (graph.resources.length > 0 && (graph.stack !== plan.stack || graph.project !== plan.project)) {
    throw new UserError(
      `${from} must be of stack ${plan.stack} of project ${plan.project}, got stack ${graph.stack} of project ${graph.project}; compare plans of one stack`,
    );
  }
  return {
    from: exported === undefined ? from : `the deployed stack in ${from}`,
    graph,
    deployed: exported !== undefined,
  };
}

/** Reads the document of `plan --json`; returns undefined for any other document. */
function readDocument(document: any): Graph | undefined {
  const { project, stack, resources } = document ?? {};
  if (typeof stack !== "string" || typeof project !== "string" || !Array.isArray(resources)) return undefined;
  if (!resources.every(isDocumentResource)) return undefined;
  return {
    project,
    stack,
    resources: resources.map(
      ({ parent, region, provider, ...rest }: any): PlannedResource => ({
        ...rest,
        ...(parent === null ? {} : { parent }),
        ...(region === null ? {} : { region }),
        ...(provider === null ? {} : { provider }),
        outputs: {},
        propertyDependencies: {},
      }),
    ),
    outputs: {},
  };
}

function isDocumentResource(value: any): boolean {
  const texts = [value?.urn, value?.type, value?.name];
  return texts.every((text) => typeof text === "string") && typeof value.inputs === "object" && value.inputs !== null;
}
