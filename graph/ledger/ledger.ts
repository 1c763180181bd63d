import type { Graph, PlannedResource } from "../model";
import { type Accepted, acceptanceOf, type LedgerFacts } from "./accepted";
import { LedgerContext, privateName } from "./context";
import { inRegion, isInside, type LedgerEntry, type Need, type Purpose, purposes } from "./need";
import { needsOfPolicy } from "./permissions";
import { ANY_SERVICE, imageMention, type Mention, mentionsIn } from "./places";
import { copiedImage, purposesOf } from "./purpose-of";
import { globalServicesPage, makerOf } from "./services";
import { needsOfStructure } from "./structure";
import { type InputText, textsOf } from "./texts";

/** The ledger of a plan. */
export interface Ledger {
  readonly stack: string;
  readonly entries: readonly LedgerEntry[];
  /** Types of resources whose service is not in the table of services. */
  readonly unknownTypes: readonly string[];
}

/**
 * Returns the ledger of a plan: every call that is needed to serve, fail over, scale, replace, sign in and deploy, and who
 * answers it.
 * @param accepted  reasons for what is outside the region, by host or by service and region
 * @param privateHosts  names that each region answers in its own VPC, of which another stack may have the records
 * @param exactRoutes  routes that claim exact idempotency keys, for the reason that they may
 */
export function ledgerOf(
  graph: Graph,
  accepted: Accepted = {},
  privateHosts: readonly string[] = [],
  exactRoutes: readonly string[] = [],
): Ledger {
  const context = new LedgerContext(graph, privateHosts);
  const rows = new Map<string, LedgerEntry & { resources: string[] }>();
  const unknownTypes = new Set<string>();
  const regions = new Set(graph.resources.map(({ region }) => region));
  for (const planned of graph.resources) {
    if (isProviders(planned)) continue;
    const resource = placed(planned, regions);
    if (makerOf(resource.type) === undefined) unknownTypes.add(resource.type);
    for (const need of needsOf(resource, context)) add(rows, resource, need);
  }
  const all = [...rows.values()].map((row) => ({ ...row, resources: [...new Set(row.resources)].sort() }));
  const entries = all.map((entry) => withReason(entry, all, { accepted, exactRoutes }));
  return { stack: graph.stack, entries: entries.sort(byPurpose), unknownTypes: [...unknownTypes].sort() };
}

/** Returns what is needed to serve or fail over, is not in the region, and has no reason. */
export function notAccepted({ entries }: Ledger): readonly LedgerEntry[] {
  return outside(entries).filter(({ accepted }) => accepted === undefined);
}

/** Returns what is needed to serve or fail over and is not in the region. */
export function outside(entries: readonly LedgerEntry[]): readonly LedgerEntry[] {
  return entries.filter(
    ({ purpose, answeredBy, region }) =>
      (purpose === "serve" || purpose === "fail over") && !isInside(answeredBy, region),
  );
}

/** A resource that its own input puts into another region of the stack, as a replica is, is needed there. */
function placed(resource: PlannedResource, regions: ReadonlySet<string | undefined>): PlannedResource {
  const own: unknown = resource.inputs["region"];
  return typeof own === "string" && regions.has(own) ? { ...resource, region: own } : resource;
}

/** Resources of a provider in a region; components, providers and the stack make no calls. */
function isProviders({ type, region }: PlannedResource): boolean {
  return region === undefined || !/^(awsx?|docker-build):/.test(type);
}

function withReason(entry: LedgerEntry, all: readonly LedgerEntry[], facts: LedgerFacts): LedgerEntry {
  const reason = isInside(entry.answeredBy, entry.region) ? undefined : acceptanceOf(entry, all, facts);
  return { ...entry, ...(reason ? { accepted: reason } : {}) };
}

function add(rows: Map<string, LedgerEntry & { resources: string[] }>, resource: PlannedResource, need: Need): void {
  const region = resource.region!;
  for (const purpose of need.purposes) {
    const key = JSON.stringify([purpose, region, need.service, need.call, need.plane, need.place]);
    const row = rows.get(key);
    if (row !== undefined) {
      row.resources.push(resource.name);
      continue;
    }
    const { service, call, plane, place, source, soft } = need;
    const entry = { purpose, region, service, call, plane, answeredBy: place, source, resources: [resource.name] };
    rows.set(key, { ...entry, ...(soft ? { soft } : {}) });
  }
}

function needsOf(resource: PlannedResource, context: LedgerContext): readonly Need[] {
  return [
    ...needsOfStructure(resource, context),
    ...needsOfPolicy(resource, context),
    ...textsOf(resource).flatMap((text) => needsOfText(resource, text, context)),
    ...needsOfDeployment(resource),
  ];
}

function needsOfText(resource: PlannedResource, { path, text }: InputText, context: LedgerContext): Need[] {
  const region = resource.region!;
  const found = purposesOf(resource, path, context);
  if (found.length === 0) return [];
  const key = path.at(-1) ?? "";
  const isImage = key === "image" || key === "imageUri" || (resource.type === copiedImage && path[0] === "sources");
  const mentions = isImage ? [imageMention(text, context)] : mentionsIn(text, key, context);
  const named = context.elsewhere(text.trim().replace(/^[A-Z0-9_]+=/, ""), region);
  const all: Mention[] = [
    ...mentions,
    ...(named?.region === undefined || mentions.length > 0
      ? []
      : [{ service: makerOf(named.type)!, place: inRegion(named.region) }]),
  ];
  return all
    .map((mention) => ({ ...mention, place: mention.place.name === privateName ? inRegion(region) : mention.place }))
    .filter(({ service, place }) => !isInside(place, region) || (isCall(path) && service.name !== ANY_SERVICE))
    .flatMap(({ service, place }) =>
      found.map((purpose) => ({
        ...{ purposes: [purpose], service: service.name, call: callOf(path, purpose), plane: "data" as const, place },
        ...{ source: service.source, ...softOf(path, resource) },
      })),
    );
}

/** Inputs that are asked while the platform works; other ones only connect resources of the plan. */
const calledInputs =
  /^(image|imageUri|integrationUri|uri|authorizerUri|issuer|valueFrom|variables|environment|line|destination|endpoint|url)$/;

function isCall(path: readonly string[]): boolean {
  return path.some((name) => calledInputs.test(name)) || (path[0] === "userData" && path.at(-1) !== "line");
}

/** What a call is for, by the input that names it. */
const callsByInput: Readonly<Record<string, string>> = {
  authorizerUri: "asks the authorizer of a route",
  destination: "receives what failed",
  image: "image of a container",
  imageUri: "image of a function",
  integrationUri: "what a route passes requests on to",
  issuer: "public keys of the issuer of tokens",
  line: "named in user data",
  sources: "image that is copied into the account",
  uri: "what a route passes requests on to",
  valueFrom: "secret of a container",
};

function callOf(path: readonly string[], purpose: Purpose): string {
  const names = path.filter((name) => !/^\d+$/.test(name) && name !== "value");
  const [last = ""] = names.slice(-1);
  if (purpose === "sign in" && last === "issuer") return "signs in those whose tokens are admitted";
  if (Object.hasOwn(callsByInput, last)) return callsByInput[last]!;
  return /^[A-Z][A-Z0-9_]+$/.test(last)
    ? `named by the variable ${last}`
    : `named by the input ${names.slice(-2).join(".")}`;
}

/** Logs that a container may lose do not stop it. */
function softOf(path: readonly string[], { inputs }: PlannedResource): { soft?: string } {
  if (!path.includes("logConfiguration") && !path.includes("loggingConfig")) return {};
  const blocking =
    path.includes("logConfiguration") && !/"mode":"non-blocking"/.test(String(inputs["containerDefinitions"]));
  return blocking ? {} : { soft: "logs are kept in memory or dropped, and requests go on" };
}

/** Every resource is made and changed by the control plane of its service. */
function needsOfDeployment({ type, region, inputs }: PlannedResource): Need[] {
  const maker = makerOf(type);
  if (maker === undefined) return [];
  const control = maker.control ?? centralControl(type, inputs) ?? region!;
  const call = "creates and changes resources";
  const { name: service, source } = maker;
  const own: Need = { purposes: ["deploy"], service, call, plane: "control", place: inRegion(control), source };
  if (!namesInDns.test(type)) return [own];
  return [
    own,
    {
      ...{ purposes: ["deploy"], service: "Amazon Route 53", call: "names of new resources", plane: "control" },
      ...{ place: inRegion("us-east-1"), source: globalServicesPage },
    },
  ];
}

/** Types whose changes one region answers, though their service is in every region. */
function centralControl(type: string, inputs: PlannedResource["inputs"]): string | undefined {
  if (/^aws:s3\/bucket(?!Object)/.test(type)) return "us-east-1";
  return type.startsWith("aws:wafv2/") && inputs["scope"] === "CLOUDFRONT" ? "us-east-1" : undefined;
}

/** Types for which AWS makes a name in DNS when they are created. */
const namesInDns =
  /^aws:(lb\/loadBalancer|apigateway(v2)?\/(domainName|api|restApi)|ec2\/vpcEndpoint|lambda\/functionUrl|elasticbeanstalk\/environment|servicediscovery|rds|elasticache|opensearch)/;

function byPurpose(a: LedgerEntry, b: LedgerEntry): number {
  const order = purposes.indexOf(a.purpose) - purposes.indexOf(b.purpose);
  if (order !== 0) return order;
  const text = (entry: LedgerEntry) => [entry.service, entry.call, entry.answeredBy.name, entry.region].join("\n");
  return text(a) < text(b) ? -1 : 1;
}
