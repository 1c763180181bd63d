import { readFileSync } from "node:fs";
import * as runtime from "@pulumi/pulumi/runtime";
import { CheckError, type StateResource } from "./state";

/**
 * Reads a stack that `pulumi stack export` has written. Encrypted secrets become unknowns, which rules report as not
 * evaluated.
 * @throws {CheckError} one sentence, when the file is not an exported stack
 */
export function readStackFile(path: string): StateResource[] {
  let document: any;
  try {
    document = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new CheckError(
      `${path} cannot be read as JSON: ${(error as Error).message}; export it with \`pulumi stack export\``,
    );
  }
  const resources = document?.deployment?.resources;
  if (!Array.isArray(resources)) {
    throw new CheckError(`${path} has no deployment.resources; export the stack with \`pulumi stack export\``);
  }
  return resources
    .filter(isResource)
    .map(toState)
    .sort((a, b) => (a.urn < b.urn ? -1 : 1));
}

/** Tells whether an entry is a resource of the stack; one that waits for its deletion is not. */
function isResource(value: any): boolean {
  return typeof value?.urn === "string" && typeof value.type === "string" && value.delete !== true;
}

function toState(state: any): StateResource {
  const provider =
    typeof state.provider === "string" ? state.provider.slice(0, state.provider.lastIndexOf("::")) : undefined;
  return {
    urn: state.urn,
    type: state.type,
    name: state.urn.slice(state.urn.lastIndexOf("::") + 2),
    ...(typeof state.parent === "string" ? { parent: state.parent } : {}),
    ...(state.external === true ? { external: true } : {}),
    inputs: decrypted(state.inputs ?? {}),
    outputs: { ...decrypted(state.outputs ?? {}), ...(typeof state.id === "string" ? { id: state.id } : {}) },
    ...(provider === undefined ? {} : { provider }),
    dependencies: state.dependencies ?? [],
    propertyDependencies: Object.fromEntries(
      Object.entries(state.propertyDependencies ?? {}).map(([key, urns]) => [key, (urns as string[] | null) ?? []]),
    ),
    protect: state.protect === true,
    ignoreChanges: state.ignoreChanges ?? [],
  };
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
    return runtime.unknownValue;
  }
}
