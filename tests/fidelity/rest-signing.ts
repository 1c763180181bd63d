import { readPolicy } from "../../local/iam/policy";
import type { CallersByKey } from "../../local/iam/signing-caller";
import { keys, sign } from "../local/iam/sigv4/signer";
import type { RestGiven, RestRequest } from "./rest-cases";

const ownAccount = "123456789012";

/** ARN of the role that signs requests of a case. */
export function roleOf({ caller }: RestGiven): string {
  return `arn:aws:iam::${caller?.account ?? ownAccount}:role/caller`;
}

/** Who has the keys of a case: a session of one role. */
export function callersOf(given: RestGiven): CallersByKey {
  const { caller } = given;
  if (caller === undefined) return () => undefined;
  const { account = ownAccount } = caller;
  const statement = { Effect: "Allow", Action: "execute-api:Invoke", Resource: "arn:aws:execute-api:*:*:*" };
  const allowed = readPolicy({ Version: "2012-10-17", Statement: [statement] }, "identity");
  const arn = `arn:aws:sts::${account}:assumed-role/caller/session`;
  const known = {
    ...keys,
    caller: { kind: "session", arn, role: roleOf(given), account } as const,
    identity: caller.allowed ? [allowed] : [],
  };
  return (id) => (id === keys.accessKeyId ? known : undefined);
}

/** The headers of a signature, by AWS's own signer; none for a request that is not signed. */
export async function signatureOf(request: RestRequest, host: string): Promise<string[]> {
  const { signedWith, method = "GET", path = "/" } = request;
  if (signedWith === undefined) return [];
  const { rawHeaders } = await sign(
    { method, path, headers: { host } },
    {
      at: new Date(),
      ...(signedWith === "a key that does not exist" && { accessKeyId: "ASIADOESNOTEXIST" }),
      ...(signedWith === "a wrong secret" && { secretAccessKey: "another" }),
    },
  );
  const names = rawHeaders.filter((_, i) => i % 2 === 0);
  return names.flatMap((name, i) => (name === "host" ? [] : [name, rawHeaders[2 * i + 1]!]));
}
