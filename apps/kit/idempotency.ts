import { IdempotencyConfig, makeIdempotent } from "@aws-lambda-powertools/idempotency";
import { DynamoDBPersistenceLayer } from "@aws-lambda-powertools/idempotency/dynamodb";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { App, AppDependencies } from "./app";
import type { ServiceContract } from "./contract";
import { clientLimits } from "./dynamo";
import { HttpError } from "./errors";
import type { Claim, IdempotencyStore, KeptAnswer } from "./idempotent-route";
import { EXPIRY, keyTable } from "./needs";
import type { Item } from "./repository";
import { type EnvironmentVariables, homeTableSettings } from "./settings";
import { tracedStore } from "./traced-client";

/** Seconds that the answer to a key is kept. */
const keptSeconds = 24 * 3_600;

/** Where the keys of a service are kept. */
interface KeyPlace {
  readonly service: string;
  /** Name of the table. */
  readonly table: string;
  /** A client of the service's own region. */
  readonly own: DynamoDBClient;
  /** A client of the keys' home region, for routes whose keys have one. */
  readonly home: DynamoDBClient;
}

/** Makes the store of keys in a DynamoDB table. It waits no longer for a request that never ends than its deadline. */
export function keyStore(place: KeyPlace): IdempotencyStore {
  // A layer keeps the prefix of its last call, so that each route needs its own.
  const routes = new Map<string, (claim: Claim, work: () => Promise<KeptAnswer>) => Promise<KeptAnswer>>();
  const ofRoute = (claim: Claim) => {
    const found = routes.get(claim.route) ?? idempotentRoute(place, claim);
    routes.set(claim.route, found);
    return found;
  };
  return {
    run: async (claim, work) => {
      try {
        return await ofRoute(claim)(claim, work);
      } catch (error) {
        throw refusal(error, claim);
      }
    },
  };
}

function idempotentRoute({ service, table, own, home }: KeyPlace, { route, exact, deadlineSeconds }: Claim) {
  const persistenceStore = new DynamoDBPersistenceLayer({
    tableName: table,
    expiryAttr: EXPIRY,
    awsSdkV3Client: exact ? home : own,
  });
  const config = new IdempotencyConfig({
    eventKeyJmesPath: "[caller, key]",
    payloadValidationJmesPath: "body",
    throwOnNoIdempotencyKey: true,
    expiresAfterSeconds: keptSeconds,
    hashFunction: "sha256",
    // A key whose request crashed is free again after this time.
    lambdaContext: { getRemainingTimeInMillis: () => deadlineSeconds * 1_000 } as never,
  });
  // Without a prefix, the name of the function would be part of the key, which servers and other functions do not have.
  return makeIdempotent((_claim: Claim, work: () => Promise<KeptAnswer>) => work(), {
    persistenceStore,
    config,
    keyPrefix: `${service}/${route}`,
  }) as (claim: Claim, work: () => Promise<KeptAnswer>) => Promise<KeptAnswer>;
}

function refusal(error: unknown, { exact }: Claim): unknown {
  switch (error instanceof Error ? error.name : "") {
    case "IdempotencyAlreadyInProgressError":
    case "IdempotencyInconsistentStateError":
      return new HttpError(409, "idempotency_in_progress", "A request with this key is not answered yet; try again");
    case "IdempotencyValidationError":
      return new HttpError(422, "idempotency_key_reused", "The key was used with another body; use a new one");
    case "IdempotencyPersistenceLayerError":
    case "IdempotencyUnknownError":
      return exact
        ? new HttpError(503, "home_region_unavailable", "The region that keeps the keys did not answer", error)
        : new HttpError(503, "storage_unavailable", "The storage did not answer; try again", error);
    default:
      return error;
  }
}

/**
 * Gives the app of a service the table of its idempotency keys. Only services that call this contain the library. The
 * variable `TABLE_IDEMPOTENCY_KEYS_HOME` is the home region of the keys, for a service with a route whose keys have one.
 * @throws {Error} one sentence when a variable is missing, as soon as the adapter makes the app
 * @example serve(priceCalculator.name, withIdempotency(priceCalculator, createApp));
 */
export function withIdempotency<Own extends AppDependencies<Item>>(
  { name }: Pick<ServiceContract, "name">,
  createApp: (dependencies: Own) => App,
  env: EnvironmentVariables = process.env,
): (dependencies: Own) => App {
  return (dependencies) => {
    const { table, home } = homeTableSettings(name, env, keyTable);
    const own = tracedStore(new DynamoDBClient(clientLimits));
    const inHome = home === undefined ? own : tracedStore(new DynamoDBClient({ ...clientLimits, ...home }));
    const idempotency = keyStore({ service: name, table, own, home: inHome });
    return createApp({ ...dependencies, idempotency });
  };
}
