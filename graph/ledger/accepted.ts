import type { LedgerEntry } from "./need";

/** Reasons for what may be needed outside the region, by host, or by service and place ("Amazon SQS in us-east-1"). */
export type Accepted = Readonly<Record<string, string>>;

type Candidate = Omit<LedgerEntry, "accepted">;

/** What a plan does not say of an environment, and a reason does. */
export interface LedgerFacts {
  /** Reasons of the configuration for what is outside the region. @default none */
  readonly accepted?: Accepted;
  /** Routes that claim exact idempotency keys. @example ["POST /shipping/shipments"] @default not named in the reason */
  readonly exactRoutes?: readonly string[];
}

/** Ends the call of a claim, and of its table's key, in the home region of exact idempotency keys. */
export const ofHomeKeys = " of exact idempotency keys";

/** A call that is outside the region by design, and why a region serves and fails over without the other one or us-east-1. */
interface Design {
  /** @param all  every call of the ledger */
  readonly of: (entry: Candidate, all: readonly Candidate[]) => boolean;
  readonly reason: string | ((facts: LedgerFacts) => string);
}

const byDesign: readonly Design[] = [
  {
    of: ({ service, plane, answeredBy }) =>
      service === "Amazon Route 53" && plane === "data" && answeredBy.name === "Route 53's data plane",
    reason: "its data plane is in hundreds of places and needs no control plane",
  },
  {
    // No API is behind it.
    of: ({ service, call, resources }) =>
      service === "Amazon CloudFront" &&
      call === "passes on requests" &&
      resources.every((name) => name.endsWith("-web-distribution")),
    reason:
      "the web app's files alone: its edges are in hundreds of places, need no control plane, and ask a bucket in either region",
  },
  {
    of: ({ service, call }) => service === "Amazon DynamoDB" && call.startsWith("replication of a table"),
    reason: "nothing waits for it: each region reads and writes its own replica",
  },
  {
    of: ({ service, call, purpose }) =>
      purpose === "serve" && service === "Amazon Cognito" && call === "public keys of the issuer of tokens",
    reason: "only the issuer's public keys, which API Gateway keeps for two hours; docs/proof.md, statement 7",
  },
  {
    // The authorizer of a REST API compares tokens with the first and fetches the second.
    of: ({ purpose, service, call }) =>
      purpose === "serve" &&
      service === "Amazon Cognito" &&
      /^named by the variable (OTHER_)?(ISSUER|JWKS_URL)$/.test(call),
    reason:
      "only the issuer's public keys, which the authorizer keeps while they cannot be fetched; docs/proof.md, statement 7",
  },
  {
    of: ({ call }) => call === "named by the variable COPY_REGION",
    reason:
      "people are copied to the other region's user pool while they sign in, which waits for 2 s at most, once in 15 s, and goes on without; docs/sign-in-regions.md",
  },
  {
    // Not without the other region, but one kind of route alone, which its contract asks for.
    of: (entry, all) => isOfHomeKeys(entry) || (namesHome(entry) && all.some((each) => isClaimFor(each, entry))),
    reason: ({ exactRoutes = [] }) =>
      `${exactRoutes.join(" and ") || "a POST with exact idempotency keys"} alone claims keys in the region that keeps them, and answers 503 without it; every other route goes on; docs/idempotency.md`,
  },
];

function isOfHomeKeys({ purpose, call }: Candidate): boolean {
  return purpose === "serve" && call.endsWith(ofHomeKeys);
}

function namesHome({ purpose, call }: Candidate): boolean {
  return purpose === "serve" && call === "named by the variable TABLE_IDEMPOTENCY_KEYS_HOME";
}

/** Tells whether a call claims keys in the region that a variable names: the variable alone is no reason. */
function isClaimFor(claim: Candidate, { region, answeredBy }: Candidate): boolean {
  return isOfHomeKeys(claim) && claim.region === region && claim.answeredBy.name === answeredBy.name;
}

/** Returns the key by which configuration can accept an entry. */
export function keyOf({ service, answeredBy }: Candidate): string {
  return answeredBy.kind === "host" ? answeredBy.name : `${service} in ${answeredBy.name}`;
}

/**
 * Returns why an entry may be outside the region, if a reason is known.
 * @param all  every call of the ledger
 */
export function acceptanceOf(entry: Candidate, all: readonly Candidate[], facts: LedgerFacts): string | undefined {
  const { accepted = {} } = facts;
  const key = keyOf(entry);
  if (Object.hasOwn(accepted, key)) return accepted[key];
  const reason = byDesign.find(({ of }) => of(entry, all))?.reason;
  return typeof reason === "function" ? reason(facts) : reason;
}
