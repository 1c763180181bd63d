import type { Graph, PlannedResource } from "../../graph/model";

/**
 * Returns the graph with the app's address on this machine in every place where the plan lets its planned one in: as an origin of the
 * APIs, and as where the sign-in page returns to.
 * @param addresses  URLs of this machine by the planned ones
 */
export function withLocalOrigins(graph: Graph, addresses: ReadonlyMap<string, string>): Graph {
  if (addresses.size === 0) return graph;
  const more = (list: readonly string[] | undefined) =>
    list?.flatMap((value) => [value, ...counterparts(value, addresses)]);
  return {
    ...graph,
    resources: graph.resources.map((resource) => ({ ...resource, outputs: outputsOf(resource, more) })),
  };
}

function counterparts(value: string, addresses: ReadonlyMap<string, string>): string[] {
  return [...addresses]
    .filter(([planned]) => value === planned || value.startsWith(`${planned}/`))
    .map(([planned, local]) => `${local}${value.slice(planned.length)}`);
}

/** Quotes are escaped in a template, which is a text of the document. */
const compared = /\$origin == \\"(https?:[^"\\]+)\\"/g;
const onlyOrigin = /"'(https?:[^"']+)'"/g;

/** Lets more origins in where a REST API's document compares that of a request, and where it names one for answers of its own. */
function bodyWith(body: string, more: More): string {
  const ofOne = (origin: string) => more([origin]) ?? [origin];
  return body
    .replace(compared, (_, origin) =>
      ofOne(origin)
        .map((each) => `$origin == \\"${each}\\"`)
        .join(" || "),
    )
    .replace(onlyOrigin, (whole, origin) => (ofOne(origin).length > 1 ? `"'*'"` : whole));
}

/** Returns variables of a server or function with the pages of this machine among those that may read its answers. */
export function withLocalPages(
  env: Readonly<Record<string, string>>,
  addresses: ReadonlyMap<string, string>,
): Readonly<Record<string, string>> {
  const { CORS_ORIGINS: planned } = env;
  if (planned === undefined) return env;
  const origins = planned.split(",").flatMap((origin) => [origin, ...counterparts(origin, addresses)]);
  return { ...env, CORS_ORIGINS: origins.join(",") };
}

type More = (list: readonly string[] | undefined) => readonly string[] | undefined;

function outputsOf({ type, outputs }: PlannedResource, more: More): PlannedResource["outputs"] {
  if (type === "aws:cognito/userPoolClient:UserPoolClient") {
    return { ...outputs, callbackUrls: more(outputs["callbackUrls"]), logoutUrls: more(outputs["logoutUrls"]) };
  }
  if (type === "aws:apigateway/restApi:RestApi" && typeof outputs["body"] === "string") {
    return { ...outputs, body: bodyWith(outputs["body"], more) };
  }
  const { corsConfiguration: cors } = outputs;
  if (type !== "aws:apigatewayv2/api:Api" || !cors) return outputs;
  return { ...outputs, corsConfiguration: { ...cors, allowOrigins: more(cors.allowOrigins) } };
}
