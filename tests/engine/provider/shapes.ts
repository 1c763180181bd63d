import { readFileSync } from "node:fs";
import ts from "typescript";
import { kindOf, type Properties } from "./values";

/*
 * What the SDK's type declarations say a resource takes, read from the .d.ts files themselves.
 */

type Shape =
  | { readonly kind: "any" }
  /** The names that `kindOf` may give. */
  | { readonly kind: "one of"; readonly names: readonly string[] }
  | { readonly kind: "array"; readonly item: Shape }
  | { readonly kind: "map"; readonly item: Shape }
  | { readonly kind: "object"; readonly fields: Fields }
  | { readonly kind: "union"; readonly options: readonly Shape[] };
type Fields = Readonly<Record<string, { readonly shape: () => Shape; readonly required: boolean }>>;

const files = new Map<string, string>();
const known = new Map<string, Fields>();

/** Sentences on what a resource is given and its declarations do not take; keyed by property. */
export function misfits(type: string, inputs: Properties): { readonly property: string; readonly reason: string }[] {
  return fieldProblems(inputsOf(type), inputs, "").map(([path, reason]) => ({
    property: path.split(/[.[]/)[0]!,
    reason: `${type}: ${path} ${reason}`,
  }));
}

export function inputsOf(type: string): Fields {
  const found = known.get(type);
  if (found) return found;
  const [pkg, path, name] = type.split(":") as [string, string, string];
  const block = interfaceText(read(`@pulumi/${pkg}/${fileOf(path, name)}.d.ts`), `${name}Args`, "");
  if (block === undefined) throw new Error(`${type} has no ${name}Args in its declarations`);
  const fields = parseFields(block, pkg);
  known.set(type, fields);
  return fields;
}

/** The file of a type. Those of a package without modules are at its top, where a class `Index` may not be `index`. */
function fileOf(path: string, name: string): string {
  const own = `${name[0]!.toLowerCase()}${name.slice(1)}`;
  if (path.includes("/")) return path;
  if (path !== "index") return `${path}/${own}`;
  return own === "index" ? "index_" : own;
}

function fieldProblems(fields: Fields, value: Properties, path: string): [string, string][] {
  const at = (key: string) => (path === "" ? key : `${path}.${key}`);
  const missing = Object.keys(fields).filter((key) => fields[key]!.required && kindOf(value[key]) === "null");
  return [
    ...missing.map((key): [string, string] => [at(key), "is missing"]),
    ...Object.entries(value).flatMap(([key, item]): [string, string][] =>
      Object.hasOwn(fields, key)
        ? shapeProblems(fields[key]!.shape(), item, at(key))
        : [[at(key), "is no argument of it"]],
    ),
  ];
}

function shapeProblems(shape: Shape, value: any, path: string): [string, string][] {
  const got = kindOf(value);
  if (got === "null" || got === "unknown") return [];
  const wrong = (wanted: string): [string, string][] => [[path, `must be ${wanted}, got ${got}`]];
  switch (shape.kind) {
    case "any":
      return [];
    case "one of":
      return shape.names.includes(got) ? [] : wrong(shape.names.join(" or "));
    case "array":
      return got === "array"
        ? value.flatMap((item: any, i: number) => shapeProblems(shape.item, item, `${path}[${i}]`))
        : wrong("array");
    case "map":
      return got === "object"
        ? Object.entries(value).flatMap(([key, item]) => shapeProblems(shape.item, item, `${path}.${key}`))
        : wrong("object");
    case "object":
      return got === "object" ? fieldProblems(shape.fields, value, path) : wrong("object");
    case "union": {
      const attempts = shape.options.map((option) => shapeProblems(option, value, path));
      return attempts.find((problems) => problems.length === 0) ?? attempts.at(-1) ?? [];
    }
  }
}

function parseFields(block: string, pkg: string): Fields {
  const source = ts.createSourceFile("block.ts", block, ts.ScriptTarget.ES2022);
  const [declaration] = source.statements as unknown as ts.InterfaceDeclaration[];
  return Object.fromEntries(
    declaration!.members.filter(ts.isPropertySignature).map((member) => {
      let shape: Shape | undefined;
      const resolve = () => {
        shape ??= toShape(member.type!, pkg, source);
        return shape;
      };
      return [(member.name as ts.Identifier).text, { shape: resolve, required: member.questionToken === undefined }];
    }),
  );
}

function toShape(node: ts.TypeNode, pkg: string, source: ts.SourceFile): Shape {
  const shape = (inner: ts.TypeNode) => toShape(inner, pkg, source);
  if (ts.isUnionTypeNode(node)) {
    const types = node.types.filter((type) => type.kind !== ts.SyntaxKind.UndefinedKeyword);
    return types.length === 1 ? shape(types[0]!) : { kind: "union", options: types.map(shape) };
  }
  if (ts.isArrayTypeNode(node)) return { kind: "array", item: shape(node.elementType) };
  if (ts.isTypeLiteralNode(node)) {
    const [index] = node.members.filter(ts.isIndexSignatureDeclaration);
    return index ? { kind: "map", item: shape(index.type) } : { kind: "any" };
  }
  if (ts.isTypeReferenceNode(node)) return referenced(node, pkg, source, shape);
  switch (node.kind) {
    case ts.SyntaxKind.StringKeyword:
    case ts.SyntaxKind.LiteralType:
      return { kind: "one of", names: ["string"] };
    case ts.SyntaxKind.NumberKeyword:
      return { kind: "one of", names: ["number"] };
    case ts.SyntaxKind.BooleanKeyword:
      return { kind: "one of", names: ["boolean"] };
    default:
      return { kind: "any" };
  }
}

function referenced(
  node: ts.TypeReferenceNode,
  pkg: string,
  source: ts.SourceFile,
  shape: (inner: ts.TypeNode) => Shape,
): Shape {
  const name = node.typeName.getText(source);
  if (name === "pulumi.Input") return shape(node.typeArguments![0]!);
  if (name.startsWith("inputs.")) {
    const type = name.slice(name.lastIndexOf(".") + 1);
    const space = name.split(".").slice(1, -1).join(".");
    const block = interfaceText(read(`@pulumi/${pkg}/types/input.d.ts`), type, space);
    if (block === undefined) throw new Error(`${name} is not declared by @pulumi/${pkg}`);
    const key = `${pkg} ${name}`;
    const fields = known.get(key) ?? parseFields(block, pkg);
    known.set(key, fields);
    return { kind: "object", fields };
  }
  if (name.startsWith("pulumi.asset.")) return { kind: "one of", names: ["asset", "archive"] };
  // Enumerations, ARN, Region, and resources, which travel as their ids.
  return { kind: "one of", names: ["string", "number"] };
}

/** The text of an interface, at the top of a file or in a namespace of it. */
function interfaceText(text: string, name: string, space: string): string | undefined {
  const start = space === "" ? 0 : text.indexOf(`export declare namespace ${space} {`);
  const indent = space === "" ? "" : "    ";
  const end = space === "" ? text.length : text.indexOf("\n}", start);
  const keyword = space === "" ? "export interface" : "interface";
  const from = text.indexOf(`\n${indent}${keyword} ${name} {`, start);
  if (start < 0 || from < 0 || from > end) return undefined;
  return text.slice(from, text.indexOf(`\n${indent}}`, from) + indent.length + 2);
}

function read(file: string): string {
  const text = files.get(file) ?? readFileSync(require.resolve(file), "utf8");
  files.set(file, text);
  return text;
}
