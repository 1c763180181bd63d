import type { GraphIndex } from "../graph/model";
import type { Gateways } from "./apigateway/gateways";
import type { Messaging } from "./messaging";
import { type Endpoints, serviceNames } from "./state/endpoints";
import type { Storage } from "./storage";

/** The parts of a platform that have addresses. */
interface AddressedParts {
  /** The one address for clients. */
  readonly url: string;
  readonly index: GraphIndex;
  readonly gateways: Gateways;
  readonly storage: Storage;
  readonly issuer: { readonly url: string; readonly urls: Readonly<Record<string, string>> };
  readonly aws: { readonly url: string };
  readonly messaging: Pick<Messaging, "namedUrls">;
  readonly web: { readonly url: string | undefined };
}

/** Returns the URLs of a running platform. */
export function describeEndpoints({
  url,
  index,
  gateways,
  storage,
  issuer,
  aws,
  messaging,
  web,
}: AddressedParts): Endpoints {
  return {
    console: url,
    global: url,
    regions: storage.withTables(gateways.urls()),
    services: serviceNames(index.graph),
    issuer: issuer.url,
    issuers: issuer.urls,
    mailbox: `${issuer.url}/mailbox`,
    dynamodb: storage.dynamodb,
    replicationSeconds: storage.lagSeconds,
    queues: messaging.namedUrls(aws.url),
    aws: aws.url,
    web: web.url ?? null,
  };
}
