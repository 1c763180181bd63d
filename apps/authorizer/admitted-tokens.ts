import { otherIssuerVerifier } from "./issuer-token";
import { keepingKeys, keyTable } from "./kept-keys";
import { fetchJwks } from "./key-set";
import { poolVerifier } from "./pool-token";
import { createPreparation } from "./preparation";
import type { AdmittedTokens } from "./settings";
import { createTokenVerifier, type VerifierOptions, type VerifyToken } from "./token";

/**
 * Makes the function that verifies the tokens of the admitted user pools and other issuers.
 * @param onFailure  is told of keys that did not arrive
 */
export function admittedTokens(
  { pools, issuers, keyTable: table }: AdmittedTokens,
  onFailure: VerifierOptions["onFailure"],
): VerifyToken {
  const store = table === undefined ? undefined : keyTable(table);
  const ofPools = pools.map((each) => {
    const fetchKeys = () => fetchJwks(each.jwksUrl);
    return poolVerifier({
      ...{ ...each, onFailure },
      ...(store && { fetchKeys: keepingKeys({ issuer: each.issuer, fetchKeys, store, onFailure }) }),
    });
  });
  const others = issuers.map((each) => otherIssuerVerifier({ ...each, onFailure }));
  const verify = createTokenVerifier([...ofPools, ...others]);
  const prepare = createPreparation(ofPools);
  return async (token) => {
    await prepare();
    return verify(token);
  };
}
