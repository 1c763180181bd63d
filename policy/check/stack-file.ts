import { readFileSync } from "node:fs";
import * as runtime from "@pulumi/pulumi/runtime";
import { encryptedValue } from "../stack/workloads";
import { oneLine } from "./printable";
import type { StateResource } from "./state";
import { UserError } from "./user-error";

/**
 * Reads a stack that `pulumi stack export` has written, without resources that wait for their deletion. Encrypted
 * secrets become unknowns, which rules report as not evaluated.
 * @throws {UserError} one sentence, when the file is not an exported stack or has no resources
 */
export function readStackFile(path: string): StateResource[] {
  let document: unknown;
  try {
    document = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    const why = oneLine((error as Error).message);
    throw new UserError(`${path} cannot be read as JSON: ${why}; export it with \`pulumi stack export\``);
  }
  if (!isExport(document)) {
    throw new UserError(`${path} has no deployment.resources; export the stack with \`pulumi stack export\``);
  }
  return readExport(path, document);
}

/** A document that `pulumi stack export` writes; its resources are not checked yet. */
export interface Export {
  readonly deployment: { readonly resources: readonly any[] };
}

/** Tells whether a document has the form that `pulumi stack export` writes. */
export function isExport(document: any): document is Export {
  return Array.isArray(document?.deployment?.resources);
}

/**
 * Reads the resources in an export, by URN.
 * @param path  file that it is from, for messages
 * @throws {UserError} one sentence, when a resource is none, or there is none
 */
export function readExport(path: string, { deployment: { resources } }: Export): StateResource[] {
  resources.forEach((resource, i) => {
    const problem = problemOf(resource);
    if (problem === undefined) return;
    const at = `deployment.resources[${i}]`;
    throw new UserError(`${path}: ${at}${problem}; export the stack with \`pulumi stack export\``);
  });
  const kept = resources.filter((resource) => resource.delete !== true);
  if (kept.length === 0)
    throw new UserError(`${path} has no resources, so that nothing can be checked; deploy the stack`);
  return toStates(path, kept).sort((a, b) => (a.urn < b.urn ? -1 : 1));
}

const urnForm = /^urn:pulumi:([^:]+)::([^:]+)::.+::/;

/** Says what keeps an entry from being a resource's state, to follow its place in the file. */
function problemOf(state: any): string | undefined {
  const isObject = (value: unknown) => typeof value === "object" && value !== null && !Array.isArray(value);
  const isTexts = (value: unknown) => Array.isArray(value) && value.every((each) => typeof each === "string");
  const check = (key: string, rule: string, fits: (value: any) => boolean) =>
    state[key] === undefined || state[key] === null || fits(state[key])
      ? undefined
      : `.${key} must be ${rule}, got ${shown(state[key])}`;
  if (!isObject(state)) return ` must be a resource, got ${shown(state)}`;
  if (typeof state.urn !== "string" || !urnForm.test(state.urn)) return `.urn must be a URN, got ${shown(state.urn)}`;
  if (typeof state.type !== "string") return `.type must be a type token, got ${shown(state.type)}`;
  return (
    ["inputs", "outputs"].map((key) => check(key, "an object", isObject)).find(Boolean) ??
    ["dependencies", "ignoreChanges"].map((key) => check(key, "a list of texts", isTexts)).find(Boolean) ??
    check(
      "propertyDependencies",
      "lists of URNs by property",
      (value) => isObject(value) && Object.values(value).every((each) => each === null || isTexts(each)),
    )
  );
}

function shown(value: unknown): string {
  return oneLine((JSON.stringify(value) ?? "nothing").slice(0, 60));
}

function toStates(path: string, resources: readonly unknown[]): StateResource[] {
  try {
    return resources.map(toState);
  } catch (error) {
    // The call stack ends at some thousand levels.
    if (!(error instanceof RangeError)) throw error;
    throw new UserError(`${path} nests deeper than any stack does; export it with \`pulumi stack export\``);
  }
}

function toState(state: any): StateResource {
  const provider =
    typeof state.provider === "string" ? state.provider.slice(0, state.provider.lastIndexOf("::")) : undefined;
  return {
    urn: state.urn,
    type: state.type,
    name: state.urn.slice(state.urn.lastIndexOf("::") + 2),
    ...(typeof state.parent === "string" ? { parent: state.parent } : {}),
    custom: state.custom === true,
    ...(state.external === true ? { external: true } : {}),
    inputs: decrypted(withEncryptedVariables(state)),
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

/** What stands for the value of a variable that is encrypted in the file, and plain text in AWS. */
const encrypted = { [runtime.specialSigKey]: runtime.specialSecretSig, plaintext: JSON.stringify(encryptedValue) };

/**
 * Returns the inputs of a resource, in which each encrypted environment variable of a function has a text: a secret that
 * the program knows when it is deployed is one that everybody reads who may read the function.
 */
function withEncryptedVariables({ type, inputs = {} }: any): any {
  const variables = inputs?.environment?.variables;
  if (type !== "aws:lambda/function:Function" || typeof variables !== "object" || variables === null) return inputs;
  const known = Object.entries<any>(variables).map(([name, value]) =>
    value?.[runtime.specialSigKey] === runtime.specialSecretSig && value.plaintext === undefined
      ? [name, encrypted]
      : [name, value],
  );
  return { ...inputs, environment: { ...inputs.environment, variables: Object.fromEntries(known) } };
}

/**
 * Replaces secrets by their plain text, or by an unknown when the file has only their ciphertext, and references to
 * resources, which components put out, by the id that a program reads from them, or by the URN of a component.
 */
function decrypted(value: any): any {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(decrypted);
  if (value[runtime.specialSigKey] === runtime.specialSecretSig) {
    return value.plaintext === undefined ? runtime.unknownValue : { ...value, value: parsed(value.plaintext) };
  }
  if (value[runtime.specialSigKey] === runtime.specialResourceSig) return value.id || value.urn;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, decrypted(item)]));
}

function parsed(text: unknown): unknown {
  try {
    return JSON.parse(String(text));
  } catch {
    return runtime.unknownValue;
  }
}
