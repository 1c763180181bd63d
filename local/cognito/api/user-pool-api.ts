import { Authentication } from "../accounts/authentication";
import { CustomSignIns } from "../accounts/custom-sign-in";
import { holderOf } from "../accounts/own-account";
import { SecurePassword } from "../accounts/secure-password";
import { CognitoError } from "../cognito-error";
import type { UserPools } from "../user-pools";
import { adminOperations } from "./admin-operations";
import { describeOperations } from "./describe-operations";
import { type Body, text } from "./input";
import { ownAccountOperations } from "./own-account-operations";
import { signUpOperations } from "./public-operations";
import { adminSignInOperations, isOfSession, type SignIns, signInOperations } from "./sign-in-operations";

const open = { ...ownAccountOperations, ...signUpOperations, ...signInOperations };
const managed = { ...adminOperations, ...describeOperations };
const managedNames = [...Object.keys(managed), ...Object.keys(adminSignInOperations)];

/** Tells whether an operation needs no signature: what it may do depends on a client, a session or an access token. */
export function isOpenOperation(operation: string): boolean {
  return Object.hasOwn(open, operation);
}

/** Operations that the API has. */
export const userPoolOperations: ReadonlySet<string> = new Set([...Object.keys(open), ...managedNames]);

/** The API of the planned user pools, as the SDK and amazon-cognito-identity-js call it. */
export class UserPoolApi {
  private readonly signIns: SignIns;

  constructor(
    private readonly pools: UserPools,
    readonly authentication = new Authentication(pools),
  ) {
    const securePassword = new SecurePassword(authentication);
    const custom = new CustomSignIns(authentication, securePassword);
    this.signIns = { pools, authentication, securePassword, custom };
  }

  /** @throws {CognitoError} */
  async answer(operation: string, body: Body): Promise<object> {
    const { pools } = this;
    if (Object.hasOwn(signUpOperations, operation)) return signUpOperations[operation]!(pools, body);
    const own = Object.hasOwn(ownAccountOperations, operation);
    if (Object.hasOwn(signInOperations, operation) && (!own || isOfSession(body))) {
      return signInOperations[operation]!(this.signIns, body);
    }
    if (own) {
      const holder = await holderOf(pools, text(body, "AccessToken", 8_192));
      return ownAccountOperations[operation]!({ pools, holder }, body);
    }
    const directory = pools.directory(body["UserPoolId"]);
    if (Object.hasOwn(adminSignInOperations, operation)) return adminSignInOperations[operation]!(this.signIns, body);
    if (!userPoolOperations.has(operation)) throw new CognitoError("UnknownOperationException", "");
    return managed[operation as keyof typeof managed]!({ pools, directory }, body);
  }
}
