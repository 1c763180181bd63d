import { catalog, type ServiceName } from "../../apps/catalog";
import { patternNames } from "../../infra/compute/registry";

/** A request that a service can answer only if its role may do all of some actions. */
export interface Need {
  readonly method: "GET" | "PUT" | "POST" | "DELETE";
  readonly path: string;
  readonly body?: object;
  readonly actions: readonly string[];
  /** Status with the role as it is. @default 200 */
  readonly status?: number;
}

const [get, put, query, invoke] = [
  ...(["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query", "execute-api:Invoke"] as const),
];
/** What becomes of an idempotency key: the answer is kept, or the key is free again. */
const [keep, free] = [...(["dynamodb:UpdateItem", "dynamodb:DeleteItem"] as const)];
const food = catalog["food-store"].definitions["put-food"].sample;
const pet = catalog["pet-store"].definitions["put-pet"].sample;
const shipment = catalog["shipping"].definitions["put-shipment"].sample;
const review = catalog["reviews"].definitions["put-review"]!.sample!;
const record = { entries: [{ day: "2026-03-01", what: "Vaccinated" }] };
const unknown = { taxPercent: 10, lines: [{ kind: "food", id: "none", quantity: 1 }] };
const heavy = { ...shipment, speed: "express", weightGrams: 40_000 };
const quote = { taxPercent: 10, lines: [{ kind: "food", id: "seed", quantity: 1 }] };

/** What each service is asked; every action of its role that the local platform serves is needed by one of them. */
export const needs: Readonly<Record<ServiceName, readonly Need[]>> = {
  "food-store": [
    { method: "PUT", path: "/food-store/foods/new", body: food, actions: [put] },
    { method: "GET", path: "/food-store/foods/seed", actions: [get] },
    { method: "GET", path: "/food-store/foods?category=fruit", actions: [query] },
  ],
  "pet-store": [
    { method: "PUT", path: "/pet-store/pets/new", body: pet, actions: [put] },
    { method: "GET", path: "/pet-store/pets/seed", actions: [get] },
    { method: "GET", path: "/pet-store/pets?species=dog", actions: [query] },
    { method: "GET", path: "/pet-store/pets/seed/record", actions: ["s3:GetObject"] },
    { method: "POST", path: "/pet-store/pets/seed/record", body: record, actions: [get, "s3:PutObject"] },
    { method: "POST", path: "/pet-store/records", actions: ["s3:ListBucket", "s3:PutObject"] },
    { method: "DELETE", path: "/pet-store/pets/other/record", actions: ["s3:DeleteObject"] },
  ],
  "price-calculator": [
    { method: "PUT", path: "/price-calculator/quotes/new", body: quote, actions: [put, invoke] },
    { method: "GET", path: "/price-calculator/quotes/seed", actions: [get] },
    { method: "POST", path: "/price-calculator/quotes", body: quote, actions: [put, keep, invoke] },
    { method: "POST", path: "/price-calculator/quotes", body: unknown, actions: [put, free, invoke], status: 400 },
    { method: "POST", path: "/price-calculator/basket", actions: [put] },
  ],
  shipping: [
    { method: "PUT", path: "/shipping/shipments/new", body: shipment, actions: [put] },
    { method: "GET", path: "/shipping/shipments/seed", actions: [get] },
    { method: "GET", path: "/shipping/shipments?destination=DE", actions: [query] },
    { method: "POST", path: "/shipping/shipments", body: shipment, actions: [put, keep] },
    { method: "POST", path: "/shipping/shipments", body: heavy, actions: [put, free], status: 400 },
  ],
  reviews: [
    { method: "PUT", path: "/reviews/reviews/new", body: review, actions: [put] },
    { method: "GET", path: "/reviews/reviews/seed", actions: [get] },
    { method: "POST", path: "/reviews/reviews", body: review, actions: [put, keep] },
    { method: "GET", path: "/reviews/reviews?product=apple-1", actions: [query] },
  ],
};

/** What is taken away from each service, in one plan. */
export type Round = Readonly<Record<ServiceName, readonly string[]>>;

/** Plans in which services lack actions. Quotes need a food, so no other test may look at them where foods cannot be read. */
export const rounds: readonly Round[] = [
  {
    "food-store": [put],
    "pet-store": ["s3:PutObject"],
    "price-calculator": [invoke],
    shipping: [get, keep, free],
    reviews: [put],
  },
  {
    "food-store": [query],
    "pet-store": ["s3:GetObject", put],
    "price-calculator": [get, keep, free],
    shipping: [put],
    reviews: [get],
  },
  {
    "food-store": [],
    "pet-store": ["s3:ListBucket", get],
    "price-calculator": [put],
    shipping: [query],
    reviews: [query],
  },
  {
    "food-store": [get],
    "pet-store": ["s3:DeleteObject", query],
    "price-calculator": [],
    shipping: [],
    reviews: [keep],
  },
];

/** The resources that an action is taken away on: the service's own ones, and not what AWS's agents use. */
export function ownResources(action: string): RegExp {
  return action.startsWith("s3:") ? /-objects-bucket-/ : /./;
}

/** Returns the title of the test that shows what an action of a service's role is for. */
export function removalTitle(pattern: string, service: string, action: string): string {
  return `${service} under ${pattern} cannot do without ${action}`;
}

/** An action of a function of the platform itself. */
export interface FunctionRemoval {
  /** End of the role's logical name. */
  readonly role: string;
  readonly action: string;
  readonly title: string;
}

/** Actions of the platform's own functions, and of API Gateway for itself. */
export const functionRemovals = {
  forwarder: {
    role: "rest-forwarder-role",
    action: "servicediscovery:DiscoverInstances",
    title: "the forwarder finds no server without servicediscovery:DiscoverInstances",
  },
  stream: {
    role: "rest-forwarder-stream-role",
    action: "servicediscovery:DiscoverInstances",
    title: "the forwarder of streams finds no server without servicediscovery:DiscoverInstances",
  },
  schedules: {
    role: "schedules-caller-role",
    action: "servicediscovery:DiscoverInstances",
    title: "the caller by the clock finds no server without servicediscovery:DiscoverInstances",
  },
  trigger: {
    role: "identity-pre-token-generation-role",
    action: "dynamodb:GetItem",
    title: "the pre-token trigger knows no membership without dynamodb:GetItem",
  },
  reader: {
    role: "rest-food-store-reader",
    action: "dynamodb:GetItem",
    title: "API Gateway reads no item without dynamodb:GetItem",
  },
  authorizer: {
    role: "authorizer-role",
    action: "secretsmanager:GetSecretValue",
    title: "the authorizer admits no tenant without secretsmanager:GetSecretValue",
  },
  usage: {
    role: "tenant-usage-function-role",
    action: "apigateway:GET",
    title: "no tenant learns what is used without apigateway:GET",
  },
  claim: {
    role: "tenant-usage-function-role",
    action: "dynamodb:UpdateItem",
    title: "no tenant learns what is used without dynamodb:UpdateItem",
  },
  figure: {
    role: "tenant-usage-function-role",
    action: "dynamodb:GetItem",
    title: "no tenant learns what was used without dynamodb:GetItem",
  },
} as const satisfies Readonly<Record<string, FunctionRemoval>>;

/** Returns the title of the test that takes an action away from a role; undefined where there is none. */
export function testOfRemoval(
  role: string,
  patternOf: (service: ServiceName) => string,
  action: string,
  resource: string,
): string | undefined {
  const own = Object.values(functionRemovals).find((each) => role.endsWith(each.role) && each.action === action);
  if (own !== undefined) return own.title;
  const service = (Object.keys(needs) as ServiceName[]).find((name) => role.endsWith(`-${name}-role`));
  const removed = service !== undefined && rounds.some((round) => round[service].includes(action));
  if (!removed || !ownResources(action).test(resource)) return undefined;
  return removalTitle(patternOf(service), service, action);
}

/** The pattern of a service in a round: each service is under another one, and under each of them in turn. */
export function patternIn(turn: number, service: ServiceName): (typeof patternNames)[number] {
  return patternNames[(Object.keys(needs).indexOf(service) + turn) % patternNames.length]!;
}
