import type { LedgerEntry } from "./need";

/** Reasons for what may be needed outside the region, by host, or by service and place ("Amazon SQS in us-east-1"). */
export type Accepted = Readonly<Record<string, string>>;

type Candidate = Omit<LedgerEntry, "accepted">;

/** What is outside the region by design, and why a region serves and fails over without the other one or us-east-1. */
const byDesign: readonly { readonly of: (entry: Candidate) => boolean; readonly reason: string }[] = [
  {
    of: ({ service, plane, answeredBy }) =>
      service === "Amazon Route 53" && plane === "data" && answeredBy.name === "Route 53's data plane",
    reason: "its data plane is in hundreds of places and needs no control plane",
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
      purpose === "serve" && service === "Amazon Cognito" && /^named by the variable (ISSUER|JWKS_URL)$/.test(call),
    reason:
      "only the issuer's public keys, which the authorizer keeps while they cannot be fetched; docs/proof.md, statement 7",
  },
];

/** Returns the key by which configuration can accept an entry. */
export function keyOf({ service, answeredBy }: Candidate): string {
  return answeredBy.kind === "host" ? answeredBy.name : `${service} in ${answeredBy.name}`;
}

/** Returns why an entry may be outside the region, if a reason is known. */
export function acceptanceOf(entry: Candidate, accepted: Accepted): string | undefined {
  const key = keyOf(entry);
  if (Object.hasOwn(accepted, key)) return accepted[key];
  return byDesign.find(({ of }) => of(entry))?.reason;
}
