import { otherIssuerVerifier } from "./issuer-token";
import { poolVerifier } from "./pool-token";
import { createPreparation } from "./preparation";
import type { AdmittedTokens } from "./settings";
import { createTokenVerifier, type VerifierOptions, type VerifyToken } from "./token";

/**
 * Makes the function that verifies the tokens of the admitted user pools and other issuers.
 * @param onFailure  is told of keys that did not arrive
 */
export function admittedTokens(
  { pools, issuers }: AdmittedTokens,
  onFailure: VerifierOptions["onFailure"],
): VerifyToken {
  const ofPools = pools.map((each) => poolVerifier({ ...each, onFailure }));
  const others = issuers.map((each) => otherIssuerVerifier({ ...each, onFailure }));
  const verify = createTokenVerifier([...ofPools, ...others]);
  const prepare = createPreparation(ofPools);
  return async (token) => {
    await prepare();
    return verify(token);
  };
}
