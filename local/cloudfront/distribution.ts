import { createContext, Script } from "node:vm";
import type { GraphIndex, PlannedResource } from "../../graph/model";
import { oneOf, required, unsupported } from "../unsupported";

/** What a viewer-request function decides: the path that the origin is asked for, or the answer itself. */
export type Decision =
  | { readonly path: string }
  | {
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: Buffer;
    };

/** A cache behaviour: how requests of its paths are answered. */
export interface Behaviour {
  /** @default it is for every path that no other is for */
  readonly pattern: RegExp | undefined;
  /** Ids of origins to ask one after the other. */
  readonly origins: readonly string[];
  /** Statuses of an origin on which the next one is asked. */
  readonly failoverStatuses: readonly number[];
  readonly methods: readonly string[];
  readonly compress: boolean;
  /** Headers that every answer has, and those that it does not have. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly removedHeaders: readonly string[];
  /** Runs the viewer-request function. */
  decide(method: string, path: string): Decision;
}

/** A planned distribution. */
export interface Distribution {
  readonly id: string;
  readonly arn: string;
  readonly aliases: readonly string[];
  readonly rootObject: string | undefined;
  /** Planned buckets by origin id. */
  readonly buckets: ReadonlyMap<string, PlannedResource>;
  /** Those of paths before the one of all others. */
  readonly behaviours: readonly Behaviour[];
}

/** Id of AWS's policy CachingOptimized, the one that is done here. */
const cachingOptimized = "658327ea-f89d-4fab-a63d-7e88639e58f6";
/** Ends a function that never does; CloudFront counts its steps instead, so that a busy machine changes nothing there. */
const functionMilliseconds = 2_000;

/** Reads every planned distribution. @throws {UserError} on a setting that does not run here */
export function readDistributions(index: GraphIndex): readonly Distribution[] {
  return index.ofType("aws:cloudfront/distribution:Distribution").map((planned) => {
    const {
      id,
      arn,
      aliases = [],
      defaultRootObject,
      defaultCacheBehavior,
      orderedCacheBehaviors = [],
    } = planned.outputs;
    const read = (behaviour: any) => behaviourOf(index, planned, behaviour);
    return {
      ...{ id, arn, aliases, rootObject: defaultRootObject },
      buckets: new Map(
        planned.outputs["origins"].map((origin: any) => [origin.originId, bucketOf(index, planned, origin)]),
      ),
      behaviours: [...orderedCacheBehaviors.map(read), read(defaultCacheBehavior)],
    };
  });
}

function bucketOf(index: GraphIndex, planned: PlannedResource, origin: any): PlannedResource {
  required(planned, "origins.originAccessControlId", origin.originAccessControlId);
  const where = { bucketRegionalDomainName: origin.domainName };
  const [bucket] = index.where("aws:s3/bucket:Bucket", where);
  return bucket ?? unsupported(planned, "origins.domainName", "that of a planned bucket", origin.domainName);
}

function behaviourOf(index: GraphIndex, planned: PlannedResource, behaviour: any): Behaviour {
  oneOf(planned, "cachePolicyId", [cachingOptimized], behaviour.cachePolicyId);
  const groups: readonly any[] = planned.outputs["originGroups"] ?? [];
  const group = groups.find(({ originId }) => originId === behaviour.targetOriginId);
  const { headers, removedHeaders } = headersOf(index, planned, behaviour.responseHeadersPolicyId);
  return {
    pattern: behaviour.pathPattern === undefined ? undefined : patternOf(behaviour.pathPattern),
    origins: group?.members.map(({ originId }: any) => originId) ?? [behaviour.targetOriginId],
    failoverStatuses: group?.failoverCriteria.statusCodes ?? [],
    methods: behaviour.allowedMethods,
    compress: behaviour.compress === true,
    headers,
    removedHeaders,
    decide: functionOf(index, planned, behaviour.functionAssociations ?? []),
  };
}

/** `*` is any text, `?` one character; a pattern may begin without its slash. */
function patternOf(pattern: string): RegExp {
  const text = pattern
    .replace(/[.+^$|()[\]{}\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${text.startsWith("/") ? "" : "/"}${text}$`);
}

function headersOf(index: GraphIndex, planned: PlannedResource, id: unknown) {
  if (id === undefined) return { headers: [], removedHeaders: [] };
  const policy = index
    .ofType("aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy")
    .find(({ outputs }) => outputs["id"] === id);
  const { securityHeadersConfig: security = {}, ...rest } = required(
    planned,
    "responseHeadersPolicyId",
    policy,
  ).outputs;
  const { strictTransportSecurity: transport, contentSecurityPolicy: content } = security;
  const list: (readonly [string, string | undefined])[] = [
    ["content-security-policy", content?.contentSecurityPolicy],
    ["x-content-type-options", security.contentTypeOptions && "nosniff"],
    ["x-frame-options", security.frameOptions?.frameOption],
    ["referrer-policy", security.referrerPolicy?.referrerPolicy],
    [
      "strict-transport-security",
      transport &&
        `max-age=${transport.accessControlMaxAgeSec}${transport.includeSubdomains ? "; includeSubDomains" : ""}${transport.preload ? "; preload" : ""}`,
    ],
    ...(rest["customHeadersConfig"]?.items ?? []).map(({ header, value }: any) => [header, value] as const),
  ];
  return {
    headers: list.filter((pair): pair is readonly [string, string] => pair[1] !== undefined),
    removedHeaders: (rest["removeHeadersConfig"]?.items ?? []).map(({ header }: any) => String(header).toLowerCase()),
  };
}

/** Compiles the planned code of the behaviour's function, which sees nothing but its event. */
function functionOf(index: GraphIndex, planned: PlannedResource, associations: readonly any[]): Behaviour["decide"] {
  const other = associations.find(({ eventType }) => eventType !== "viewer-request");
  if (other !== undefined) unsupported(planned, "functionAssociations", "of viewer-request", other.eventType);
  const [association] = associations;
  if (association === undefined) return (_, path) => ({ path });
  const found = index.arn(association.functionArn);
  const { code, name } = required(planned, "functionAssociations.functionArn", found).outputs;
  const context = createContext({});
  new Script(code, { filename: `${name}.js` }).runInContext(context, { timeout: functionMilliseconds });
  const call = new Script("JSON.stringify(handler(JSON.parse(given)))");
  return (method, uri) => {
    context["given"] = JSON.stringify({
      version: "1.0",
      request: { method, uri, querystring: {}, headers: {}, cookies: {} },
    });
    return decisionOf(JSON.parse(call.runInContext(context, { timeout: functionMilliseconds })));
  };
}

/**
 * Reads what a function returned: a request, or an answer with a status.
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-event-structure.html
 */
function decisionOf({ uri, statusCode, headers = {}, body = "" }: any): Decision {
  if (statusCode === undefined) return { path: uri };
  const values = Object.entries<any>(headers).map(([name, { value }]) => [name.toLowerCase(), String(value)]);
  const [data, encoding] = typeof body === "string" ? [body, "text"] : [body.data, body.encoding];
  return {
    status: Number(statusCode),
    headers: Object.fromEntries(values),
    body: Buffer.from(data, encoding === "base64" ? "base64" : "utf8"),
  };
}
