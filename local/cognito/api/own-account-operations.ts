import { attributesOf, listed } from "../accounts/attributes";
import {
  changePassword,
  type Holder,
  sendVerification,
  updateAttributes,
  verifyAttribute,
} from "../accounts/own-account";
import { associateSoftwareToken, verifySoftwareToken } from "../accounts/software-token";
import { failures } from "../cognito-error";
import type { DirectoryUser } from "../directory/directory-user";
import type { UserPools } from "../user-pools";
import { text, textMap } from "./input";
import type { Operation } from "./public-operations";

/** A user pool, and the user of the access token of a call. */
interface Own {
  readonly pools: UserPools;
  readonly holder: Holder;
}

/** Operations of users on their own account: they have an access token, and need no signature. */
export const ownAccountOperations: Readonly<Record<string, Operation<Own>>> = {
  GetUser: ({ holder: { user } }) => ({ Username: user.username, UserAttributes: listed(user), ...factorsOf(user) }),
  async UpdateUserAttributes({ pools, holder }, body) {
    const attributes = attributesOf(body["UserAttributes"]);
    const list = await updateAttributes(pools, holder, attributes, textMap(body, "ClientMetadata"));
    return { CodeDeliveryDetailsList: list };
  },
  async GetUserAttributeVerificationCode({ pools, holder }, body) {
    const of = {
      name: text(body, "AttributeName"),
      asked: true,
      clientMetadata: textMap(body, "ClientMetadata"),
    } as const;
    return { CodeDeliveryDetails: await sendVerification(pools, holder, of) };
  },
  VerifyUserAttribute({ pools, holder: { user } }, body) {
    verifyAttribute(pools, user, text(body, "AttributeName"), text(body, "Code"));
    return {};
  },
  ChangePassword({ pools, holder }, body) {
    changePassword(pools, holder, text(body, "PreviousPassword", 256), text(body, "ProposedPassword", 256));
    return {};
  },
  AssociateSoftwareToken: ({ holder: { user, client } }) => ({
    SecretCode: associateSoftwareToken(user, client.pool).secret,
  }),
  VerifySoftwareToken({ pools, holder: { user } }, body) {
    verifySoftwareToken(user, text(body, "UserCode"), pools.now());
    return { Status: "SUCCESS" };
  },
  SetUserMFAPreference({ holder: { user } }, body) {
    const { Enabled: enabled = false, PreferredMfa: preferred = false } = body["SoftwareTokenMfaSettings"] ?? {};
    if ((enabled || preferred) && user.softwareToken === undefined) {
      throw failures.parameter("User has not verified software token mfa");
    }
    user.prefersSoftwareToken = enabled === true || preferred === true;
    return {};
  },
  GlobalSignOut({ pools, holder: { user } }) {
    pools.refreshTokens.revokeUser(user.sub);
    return {};
  },
  DeleteUser({ pools, holder: { user, client } }) {
    pools.refreshTokens.revokeUser(user.sub);
    pools.directory(client.pool.id).delete(user);
    return {};
  },
};

/** Returns what answers say of a user's factors; nothing of one who has none. */
export function factorsOf({ softwareToken, prefersSoftwareToken }: DirectoryUser): object {
  if (softwareToken === undefined || !prefersSoftwareToken) return {};
  return { UserMFASettingList: ["SOFTWARE_TOKEN_MFA"], PreferredMfaSetting: "SOFTWARE_TOKEN_MFA" };
}
