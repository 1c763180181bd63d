import { resolve } from "node:path";
import { projectRoot } from "../../../graph/project-root";
import { type AttributeType, type Block, emptyBlock, type NestedBlock } from "../client/schema";
import { UNKNOWN } from "../client/value";
import { isNamed } from "./names";

/** A sentence's worth of what could not be converted. */
export interface Problem {
  readonly path: string;
  readonly reason: string;
}

type Note = (path: string, reason: string) => void;

/** What the plan writes for a value that only AWS knows. */
const PLAN_UNKNOWN = "[unknown]";

/**
 * Converts the inputs of a Pulumi resource to the arguments of the provider's schema: names by their spelling, blocks
 * that Pulumi flattens as lists of one, primitive values in the schema's type.
 * @param rename  the argument that a key of the resource stands for, where the spelling does not tell
 */
export function convertInputs(
  inputs: Readonly<Record<string, any>>,
  block: Block,
  rename: (key: string) => string | undefined = () => undefined,
): { readonly config: Record<string, any>; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const note: Note = (path, reason) => problems.push({ path, reason });
  return { config: convertBlock(inputs, block, "", note, rename), problems };
}

function convertBlock(
  inputs: Readonly<Record<string, any>>,
  block: Block,
  path: string,
  note: Note,
  rename: (key: string) => string | undefined = () => undefined,
): Record<string, any> {
  const config = emptyBlock(block);
  for (const [key, value] of Object.entries(inputs)) {
    if (value === undefined || value === null) continue;
    const at = path === "" ? key : `${path}.${key}`;
    const named = ({ name }: { readonly name: string }) => (rename(key) ?? "") === name || isNamed(key, name);
    const attribute = block.attributes.find(named);
    const nested = block.blocks.find(named);
    if (attribute) config[attribute.name] = convertValue(value, attribute.type, at, note);
    else if (nested) config[nested.name] = convertNested(value, nested, at, note);
    else note(at, "the provider has no argument of this name");
  }
  return config;
}

function convertNested(value: any, { nesting, block }: NestedBlock, path: string, note: Note): any {
  if (value === PLAN_UNKNOWN) return UNKNOWN;
  const convert = (element: any) => {
    if (typeof element === "object") return convertBlock(element, block, path, note);
    note(path, `the provider takes a block, got ${JSON.stringify(element)}`);
    return emptyBlock(block);
  };
  switch (nesting) {
    case "SINGLE":
    case "GROUP":
      return convert(Array.isArray(value) ? value[0] : value);
    case "MAP":
      return Object.fromEntries(Object.entries(value).map(([key, element]) => [key, convert(element)]));
    default:
      return (Array.isArray(value) ? value : [value]).map(convert);
  }
}

function convertValue(value: any, type: AttributeType, path: string, note: Note): any {
  if (value === PLAN_UNKNOWN) return UNKNOWN;
  if (value === undefined || value === null) return null;
  if (typeof type === "string") return convertPrimitive(value, type, path, note);
  const [kind, element] = type;
  if (kind === "object") {
    if (typeof value === "object") return convertObject(value, element, path, note);
    note(path, `the provider takes an object, got ${JSON.stringify(value)}`);
    return null;
  }
  if (kind === "map") {
    return Object.fromEntries(
      Object.entries(value).map(([key, each]) => [key, convertValue(each, element, path, note)]),
    );
  }
  return (Array.isArray(value) ? value : [value]).map((each) => convertValue(each, element, path, note));
}

function convertObject(value: any, types: Readonly<Record<string, AttributeType>>, path: string, note: Note): any {
  const converted: Record<string, any> = Object.fromEntries(Object.keys(types).map((name) => [name, null]));
  for (const [key, each] of Object.entries(value)) {
    const name = Object.keys(types).find((name) => isNamed(key, name));
    if (name === undefined) note(`${path}.${key}`, "the provider has no argument of this name");
    else converted[name] = convertValue(each, types[name]!, `${path}.${key}`, note);
  }
  return converted;
}

/** Text may stand for a number or a switch and the other way round, as Pulumi's own bridge has it. */
function convertPrimitive(value: any, type: "string" | "number" | "bool" | "dynamic", path: string, note: Note): any {
  if (type === "string") {
    const file = value.archive ?? value.asset;
    if (typeof value !== "object") return String(value);
    // Policies may be written as objects.
    return typeof file === "string" ? resolve(projectRoot, file) : JSON.stringify(value);
  }
  if (type === "number" && typeof value !== "object" && value !== "" && !Number.isNaN(Number(value)))
    return Number(value);
  if (type === "bool" && /^(true|false)$/.test(String(value))) return String(value) === "true";
  note(path, `the provider takes a ${type}, got ${JSON.stringify(value)}`);
  return null;
}
