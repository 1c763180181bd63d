import { UserError } from "../../../graph/user-error";
import { percentDecoded } from "../percent-decoded";
import type { RestMethod, RestResource } from "./methods";

/** A chosen method, with the values of its path's `{parameters}` as the client sent them. */
export interface RestMatch {
  readonly method: RestMethod;
  readonly pathParameters: Readonly<Record<string, string>> | undefined;
}

interface Node {
  readonly literals: Map<string, Node>;
  parameter?: { readonly name: string; readonly node: Node };
  greedy?: { readonly name: string; readonly resource: RestResource };
  resource?: RestResource;
}

/**
 * A router that chooses the method of a REST API as AWS does: by resource and method together. At each segment of a path
 * a literal comes before `{p}`, and `{p}` before `{p+}`; a resource without the method is passed over. A slash at the end
 * of a path is ignored, and several at its beginning count as one. Values stay encoded.
 */
export class RestRouter {
  private readonly root: Node = { literals: new Map() };

  /** @throws {UserError} on two resources that match the same paths */
  constructor(resources: readonly RestResource[]) {
    for (const resource of resources) this.add(resource);
  }

  /**
   * Finds the method of a request.
   * @param path  encoded, without stage and query
   */
  match(method: string, path: string): RestMatch | undefined {
    const trimmed = path.replace(/^\/+/, "").replace(/\/+$/, "");
    const segments = trimmed === "" ? [] : trimmed.split("/");
    const values: [string, string][] = [];
    const found = find(this.root, segments, 0, method, values);
    return found && { method: found, pathParameters: values.length > 0 ? Object.fromEntries(values) : undefined };
  }

  private add(resource: RestResource): void {
    let node = this.root;
    const segments = resource.path.split("/").filter((segment) => segment !== "");
    for (const segment of segments) {
      const [, name, plus] = /^\{(.+?)(\+?)\}$/.exec(segment) ?? [];
      if (plus === "+") {
        if (node.greedy) refuseEqual(node.greedy.resource, resource);
        node.greedy = { name: name!, resource };
        return;
      }
      if (name === undefined) {
        const next = node.literals.get(segment) ?? { literals: new Map() };
        node.literals.set(segment, next);
        node = next;
        continue;
      }
      node.parameter ??= { name, node: { literals: new Map() } };
      // AWS refuses it as well: "A sibling ({a}) of this resource already has a variable path part".
      if (node.parameter.name !== name) refuseSiblings(resource, node.parameter.name, name);
      node = node.parameter.node;
    }
    if (node.resource) refuseEqual(node.resource, resource);
    node.resource = resource;
  }
}

function refuseEqual(one: RestResource, other: RestResource): never {
  throw new UserError(`resources "${one.path}" and "${other.path}" match the same paths; remove one`);
}

function refuseSiblings({ path }: RestResource, one: string, other: string): never {
  throw new UserError(
    `resource "${path}": siblings must have one name for a variable part, got {${one}} and {${other}}; rename one`,
  );
}

function find(
  node: Node,
  segments: readonly string[],
  at: number,
  method: string,
  values: [string, string][],
): RestMethod | undefined {
  if (at === segments.length) return node.resource && methodOf(node.resource, method);
  const segment = segments[at]!;
  const literal = node.literals.get(percentDecoded(segment));
  const found = literal && find(literal, segments, at + 1, method, values);
  if (found) return found;
  if (node.parameter && segment !== "") {
    values.push([node.parameter.name, segment]);
    const deeper = find(node.parameter.node, segments, at + 1, method, values);
    if (deeper) return deeper;
    values.pop();
  }
  const rest = node.greedy && methodOf(node.greedy.resource, method);
  if (rest) values.push([node.greedy!.name, segments.slice(at).join("/")]);
  return rest;
}

function methodOf({ methods }: RestResource, method: string): RestMethod | undefined {
  return methods.get(method) ?? methods.get("ANY");
}
