import { DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { type Jwks, jwksOf } from "./key-set";

/** The keys that issuers had last, kept outside of them. */
export interface KeyStore {
  read(issuer: string): Promise<Jwks | undefined>;
  write(issuer: string, jwks: Jwks): Promise<void>;
}

/** Where keys are fetched from and kept. */
interface KeepingKeysParts {
  readonly issuer: string;
  /** Fetches the issuer's keys. */
  readonly fetchKeys: () => Promise<Jwks>;
  readonly store: KeyStore;
  /** Is told of keys that did not arrive, and of a store that fails. */
  readonly onFailure: (error: unknown) => void;
}

/**
 * Makes the function that fetches an issuer's keys and keeps them in a store, from which it has them while they do not
 * arrive: an authorizer that starts after the region of the issuer is gone knows its tokens all the same. The store is
 * written when the keys are others than it has. What fails at the store takes no keys away that did arrive.
 * @throws the error of the fetch, from the function, when the store has no keys either
 */
export function keepingKeys({ issuer, fetchKeys, store, onFailure }: KeepingKeysParts): () => Promise<Jwks> {
  /** What the store has, as far as it was read or written. */
  let known: string | undefined;
  const read = async (): Promise<Jwks | undefined> => {
    const kept = await store.read(issuer);
    if (kept !== undefined) known = JSON.stringify(kept);
    return kept;
  };
  const keep = async (jwks: Jwks): Promise<void> => {
    const text = JSON.stringify(jwks);
    if (known === undefined) await read();
    if (text === known) return;
    await store.write(issuer, jwks);
    known = text;
  };
  return async () => {
    try {
      const jwks = await fetchKeys();
      await keep(jwks).catch(onFailure);
      return jwks;
    } catch (error) {
      const kept = await read().catch(onFailure);
      if (!kept) throw error;
      onFailure(error);
      return kept;
    }
  };
}

/** Makes the store of a table in DynamoDB, whose hash key is `issuer`. @param TableName  its name */
export function keyTable(TableName: string): KeyStore {
  const client = new DynamoDBClient({
    maxAttempts: 2,
    // Two attempts, after a fetch that took its time, end within the 9 s of an authorizer.
    requestHandler: { connectionTimeout: 500, requestTimeout: 1_000, throwOnRequestTimeout: true },
  });
  return {
    async read(issuer) {
      const { Item } = await client.send(new GetItemCommand({ TableName, Key: { issuer: { S: issuer } } }));
      return Item?.["jwks"]?.S === undefined ? undefined : jwksOf(Item["jwks"].S);
    },
    async write(issuer, jwks) {
      const Item = { issuer: { S: issuer }, jwks: { S: JSON.stringify(jwks) } };
      await client.send(new PutItemCommand({ TableName, Item }));
    },
  };
}
