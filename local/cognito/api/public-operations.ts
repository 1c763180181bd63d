import { attributesOf } from "../accounts/attributes";
import { confirmForgotPassword, forgotPassword } from "../accounts/recovery";
import { confirmSignUp, resendCode, signUp } from "../accounts/sign-up";
import type { AppClient } from "../clients";
import { checkSecretHash, type UserPools } from "../user-pools";
import { type Body, optionalText, text, textMap } from "./input";

/** An operation of the user-pool API. @throws {CognitoError} */
export type Operation<Of> = (of: Of, body: Body) => object | Promise<object>;

/** Operations for people who are not signed in: they name a client, and need no signature. */
export const signUpOperations: Readonly<Record<string, Operation<UserPools>>> = {
  async SignUp(pools, body) {
    const { client, username, clientMetadata } = named(pools, body);
    const { user, delivery } = await signUp(pools, {
      ...{ client, username, clientMetadata },
      password: text(body, "Password", 256),
      attributes: attributesOf(body["UserAttributes"]),
      validationData: attributesOf(body["ValidationData"]),
    });
    const details = delivery && { CodeDeliveryDetails: delivery };
    return { UserConfirmed: user.status === "CONFIRMED", UserSub: user.sub, ...details };
  },
  async ConfirmSignUp(pools, body) {
    await confirmSignUp(pools, { ...named(pools, body), code: text(body, "ConfirmationCode") });
    return {};
  },
  async ResendConfirmationCode(pools, body) {
    return { CodeDeliveryDetails: await resendCode(pools, named(pools, body)) };
  },
  async ForgotPassword(pools, body) {
    return { CodeDeliveryDetails: await forgotPassword(pools, named(pools, body)) };
  },
  async ConfirmForgotPassword(pools, body) {
    const code = text(body, "ConfirmationCode");
    await confirmForgotPassword(pools, { ...named(pools, body), code, password: text(body, "Password", 256) });
    return {};
  },
};

function named(
  pools: UserPools,
  body: Body,
): { client: AppClient; username: string; clientMetadata: Body | undefined } {
  const client = pools.client(body["ClientId"]);
  const username = text(body, "Username", 128);
  checkSecretHash(client, username, optionalText(body, "SecretHash"));
  return { client, username, clientMetadata: textMap(body, "ClientMetadata") };
}
