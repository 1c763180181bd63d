import { readFileSync } from "node:fs";
import * as runtime from "@pulumi/pulumi/runtime";
import { PlanError } from "../capture";
import type { Graph, PlannedResource } from "../model";
import { toPlainData, UNKNOWN } from "../wire";

/**
 * Reads a stack that `pulumi stack export` has written. Encrypted secrets become unknowns, which rules report as not
 * evaluated.
 * @throws {PlanError} one sentence, when the file is not an exported stack
 */
export function readStackFile(path: string): Graph {
  let document: any;
  try {
    document = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new PlanError(
      `${path} cannot be read as JSON: ${(error as Error).message}; export it with \`pulumi stack export\``,
    );
  }
  const graph = readExport(document);
  if (graph === undefined) {
    throw new PlanError(`${path} has no deployment.resources; export the stack with \`pulumi stack export\``);
  }
  return graph;
}

/** Reads the document that `pulumi stack export` writes; returns undefined for any other document. */
export function readExport(document: any): Graph | undefined {
  const resources = document?.deployment?.resources;
  if (!Array.isArray(resources)) return undefined;
  const planned = resources.filter(isResource).map(toPlanned);
  const [, stack = "", project = ""] = /^urn:pulumi:([^:]+)::([^:]+)::/.exec(planned[0]?.urn ?? "") ?? [];
  return { project, stack, resources: planned.sort((a, b) => (a.urn < b.urn ? -1 : 1)), outputs: {} };
}

/** Tells whether an entry is a resource of the stack; one that waits for its deletion is not. */
function isResource(value: any): boolean {
  return typeof value?.urn === "string" && typeof value.type === "string" && value.delete !== true;
}

function toPlanned(state: any): PlannedResource {
  const inputs = readable(state.inputs ?? {});
  const provider =
    typeof state.provider === "string" ? state.provider.slice(0, state.provider.lastIndexOf("::")) : undefined;
  return {
    urn: state.urn,
    type: state.type,
    name: state.urn.slice(state.urn.lastIndexOf("::") + 2),
    ...(typeof state.parent === "string" ? { parent: state.parent } : {}),
    custom: state.custom === true,
    remote: false,
    inputs,
    outputs: { ...readable(state.outputs ?? {}), ...(typeof state.id === "string" ? { id: state.id } : {}) },
    ...(provider === undefined ? {} : { provider }),
    dependencies: state.dependencies ?? [],
    propertyDependencies: Object.fromEntries(
      Object.entries(state.propertyDependencies ?? {}).map(([key, urns]) => [key, (urns as string[] | null) ?? []]),
    ),
    protect: state.protect === true,
    ignoreChanges: state.ignoreChanges ?? [],
  };
}

function readable(properties: object): Record<string, any> {
  return toPlainData(decrypted(properties), "hidden");
}

/** Replaces secrets by their plain text, or by an unknown when the file has only their ciphertext. */
function decrypted(value: any): any {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(decrypted);
  if (value[runtime.specialSigKey] === runtime.specialSecretSig) {
    return value.plaintext === undefined ? runtime.unknownValue : { ...value, value: parsed(value.plaintext) };
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, decrypted(item)]));
}

function parsed(text: unknown): unknown {
  try {
    return JSON.parse(String(text));
  } catch {
    return UNKNOWN;
  }
}
