import { readFileSync } from "node:fs";

const cache = new Map<string, ReadonlyMap<string, boolean>>();

/**
 * Inputs of a resource type as its type declarations list them, true for the required ones. A second opinion on what
 * a type can carry: the program itself looks at the keys of the classes at run time.
 * @param type  `aws:ec2/securityGroup:SecurityGroup`
 */
export function declaredInputs(type: string): ReadonlyMap<string, boolean> {
  const known = cache.get(type);
  if (known) return known;
  const [pkg, path, name] = type.split(":") as [string, string, string];
  const file = path.includes("/") ? path : `${path}/${name[0]!.toLowerCase()}${name.slice(1)}`;
  const text = readFileSync(require.resolve(`@pulumi/${pkg}/${file}.d.ts`), "utf8");
  const block = new RegExp(`^export interface ${name}Args \\{\\n(.*?)^\\}`, "ms").exec(text)?.[1];
  if (block === undefined) throw new Error(`${type} has no ${name}Args in its declarations`);
  const members = [...block.matchAll(/^ {4}(\w+)(\??): /gm)].map(([, key, mark]) => [key!, mark === ""] as const);
  const inputs = new Map(members);
  cache.set(type, inputs);
  return inputs;
}
