import { UserError } from "../../../graph/user-error";
import { percentDecoded } from "../percent-decoded";

/** A chosen route. Segments are those of the path, as the client sent them. */
interface RouteMatch<R> {
  readonly route: R;
  readonly segments: readonly string[];
}

interface Node<R> {
  readonly literals: Map<string, Node<R>>;
  parameter?: Node<R>;
  /** The route whose path ends at this node. */
  route?: R;
  /** The route whose `{name+}` follows this node. */
  greedy?: R;
}

/** Routes by method. `ANY` has a tree of its own, as a route with the exact method is preferred for every path. */
type Trees<R> = Map<string, Node<R>>;

/**
 * A router that chooses routes as HTTP APIs do: full matches, then greedy ones, then `$default`. Among equals an exact
 * method is preferred to ANY, then literals to parameters from left to right. The path is decoded once before it is
 * split, so that `%2F` ends a segment; parameters are never empty and `{name+}` needs a segment.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
 */
export class Router<R extends { readonly key: string }> {
  private readonly full: Trees<R> = new Map();
  private readonly greedy: Trees<R> = new Map();
  private fallback: R | undefined;

  /** @throws {Error} on two routes that match the same requests */
  constructor(routes: readonly R[]) {
    for (const route of routes) this.add(route);
  }

  /**
   * Finds the route of a request.
   * @param path  begins with a slash, encoded, without query
   */
  match(method: string, path: string): RouteMatch<R> | undefined {
    const segments = path.split(/\/|%2f/i);
    const names = path.includes("%") ? segments.map(percentDecoded) : segments;
    const route =
      find(this.full.get(method), names, 1) ??
      find(this.full.get("ANY"), names, 1) ??
      find(this.greedy.get(method), names, 1) ??
      find(this.greedy.get("ANY"), names, 1) ??
      this.fallback;
    return route && { route, segments };
  }

  private add(route: R): void {
    if (route.key === "$default") {
      this.fallback = route;
      return;
    }
    const [method = "", path = ""] = route.key.split(" ");
    const segments = path.split("/").slice(1);
    const greedy = path.endsWith("+}") && segments.pop() !== undefined;
    const trees = greedy ? this.greedy : this.full;
    let node = trees.get(method) ?? newNode<R>();
    trees.set(method, node);
    for (const segment of segments) node = child(node, segment);
    const slot = greedy ? "greedy" : "route";
    if (node[slot])
      throw new UserError(`routes "${node[slot].key}" and "${route.key}" match the same requests; remove one`);
    node[slot] = route;
  }
}

/**
 * Reads the values of a route's `{parameters}` from a path.
 * @returns undefined when the route has no parameters
 */
export function pathParameters(
  { key }: { readonly key: string },
  segments: readonly string[],
  decode: (segment: string) => string = percentDecoded,
): Record<string, string> | undefined {
  if (!key.includes("{")) return undefined;
  const values: [string, string][] = [];
  key.split("/").forEach((segment, i) => {
    if (segment.endsWith("+}")) values.push([segment.slice(1, -2), decode(segments.slice(i).join("/"))]);
    else if (segment.startsWith("{")) values.push([segment.slice(1, -1), decode(segments[i] ?? "")]);
  });
  return Object.fromEntries(values);
}

function newNode<R>(): Node<R> {
  return { literals: new Map() };
}

function child<R>(node: Node<R>, segment: string): Node<R> {
  if (segment.startsWith("{")) {
    node.parameter ??= newNode();
    return node.parameter;
  }
  const next = node.literals.get(segment) ?? newNode<R>();
  node.literals.set(segment, next);
  return next;
}

/** Searches depth first: literal, then parameter, then greedy. Visits each node of the tree at most once. */
function find<R>(node: Node<R> | undefined, names: readonly string[], at: number): R | undefined {
  if (node === undefined) return undefined;
  if (at === names.length) return node.route;
  const name = names[at]!;
  const literal = node.literals.get(name);
  const found =
    (literal && find(literal, names, at + 1)) ??
    (node.parameter && name !== "" ? find(node.parameter, names, at + 1) : undefined);
  if (found || !node.greedy) return found;
  return names.length > at + 1 || name !== "" ? node.greedy : undefined;
}
