import type { AppClient } from "../clients";
import { CognitoError, failures } from "../cognito-error";
import type { DirectoryUser } from "../directory/directory-user";
import { checkPassword } from "../directory/passwords";
import { verifierOf } from "../directory/srp";
import type { TokenSource } from "../pre-token";
import { triggerAttributes } from "../triggers";
import type { UserPools } from "../user-pools";
import { checkedAttributes } from "./attributes";
import { type Challenge, Challenges, type Step } from "./challenges";
import { migratedUser } from "./migration";
import type { ClientMetadata } from "./sign-up";

/** A person who wants to sign in. */
export interface SigningIn {
  readonly client: AppClient;
  readonly username: string;
  readonly clientMetadata?: ClientMetadata;
}

/**
 * Signs the users of user pools in, for the sign-in pages and the user-pool API alike: by password, with what the state of
 * the user and the pool's settings ask for after it.
 */
export class Authentication {
  readonly challenges: Challenges;

  constructor(readonly pools: UserPools) {
    this.challenges = new Challenges(pools.now);
  }

  /** Signs a user in by password. @throws {CognitoError} */
  async byPassword(signingIn: SigningIn & { readonly password: string }): Promise<Step> {
    const { client, username, password } = signingIn;
    const found = await this.find(signingIn);
    const user = found ?? (await migratedUser(this.pools, signingIn));
    if (user === undefined) {
      // Takes as long as for a user who exists.
      verifierOf(this.pools.directory(client.pool.id).poolName, username, password);
      throw client.hidesUsers ? failures.wrongPassword() : failures.noUser();
    }
    this.checkFactor(user, () => user.hasPassword(password), failures.wrongPassword);
    return this.afterPassword({ ...signingIn, user, source: "TokenGeneration_Authentication" });
  }

  /** Finds who wants to sign in, after the pool's trigger has let the attempt pass. @throws {CognitoError} */
  async find({ client, username, clientMetadata }: SigningIn): Promise<DirectoryUser | undefined> {
    const user = this.pools.directory(client.pool.id).find(username);
    if (user === undefined && !client.hidesUsers) return undefined;
    const request = {
      userAttributes: user ? triggerAttributes(user) : {},
      validationData: clientMetadata ?? null,
      ...(client.hidesUsers && { userNotFound: user === undefined }),
    };
    const call = { source: "PreAuthentication_Authentication", client, username: user?.username ?? username };
    await this.pools.triggers.ask("preAuthentication", { ...call, request, response: {} });
    return user;
  }

  /**
   * Checks what a user shows, and counts failures.
   * @param refusal  the error for what is not right
   * @throws {CognitoError} that error, or NotAuthorizedException while the user is locked
   */
  checkFactor(user: DirectoryUser, isRight: () => boolean, refusal: () => CognitoError): void {
    const now = this.pools.now();
    user.lockOut.admit(now);
    if (isRight()) {
      user.lockOut.succeeded();
      return;
    }
    user.lockOut.failed(now);
    if (user.status === "RESET_REQUIRED" && user.verifier === undefined) throw resetRequired();
    throw refusal();
  }

  /** Goes on once the password was right. @throws {CognitoError} for a user who may not sign in */
  async afterPassword(of: Omit<Challenge, "name" | "user"> & { readonly user: DirectoryUser }): Promise<Step> {
    const { user } = of;
    if (!user.enabled) throw failures.disabled();
    if (user.status === "UNCONFIRMED") throw new CognitoError("UserNotConfirmedException", "User is not confirmed.");
    if (user.status === "RESET_REQUIRED") throw resetRequired();
    if (user.status !== "FORCE_CHANGE_PASSWORD") return this.afterFirstFactor(of);
    if ((user.temporaryUntil ?? Number.POSITIVE_INFINITY) <= this.pools.now()) {
      const text = "Temporary password has expired and must be reset by an administrator.";
      throw new CognitoError("NotAuthorizedException", text);
    }
    return this.challenge(of, "NEW_PASSWORD_REQUIRED", {
      userAttributes: JSON.stringify(user.attributes),
      requiredAttributes: "[]",
    });
  }

  /** Replaces a temporary password. @throws {CognitoError} */
  async withNewPassword(session: string, client: AppClient, answers: Readonly<Record<string, string>>): Promise<Step> {
    const { user, ...challenge } = this.challenges.get(session, ["NEW_PASSWORD_REQUIRED"], client);
    const { NEW_PASSWORD: password = "" } = answers;
    checkPassword(password, client.pool.settings.passwords, "change");
    const prefix = "userAttributes.";
    const written = Object.entries(answers).filter(([name]) => name.startsWith(prefix));
    const named = Object.fromEntries(written.map(([name, value]) => [name.slice(prefix.length), value]));
    Object.assign(user!.attributes, checkedAttributes(client.pool, client, named));
    this.challenges.take(session, ["NEW_PASSWORD_REQUIRED"], client);
    user!.setPassword(password);
    user!.status = "CONFIRMED";
    return this.afterFirstFactor({ ...challenge, user: user!, source: "TokenGeneration_NewPasswordChallenge" });
  }

  /** Takes a code of the software token. @throws {CognitoError} */
  async withSoftwareToken(session: string, client: AppClient, code: string): Promise<Step> {
    const { user, ...challenge } = this.challenges.get(session, ["SOFTWARE_TOKEN_MFA"], client);
    const wrong = () => new CognitoError("CodeMismatchException", "Invalid code received for user");
    this.checkFactor(user!, () => user!.softwareToken!.accept(code, this.pools.now()), wrong);
    this.challenges.take(session, ["SOFTWARE_TOKEN_MFA"], client);
    return this.complete({ ...challenge, user: user! });
  }

  /** Ends the set-up of a software token that the pool requires. @throws {CognitoError} */
  async withSetUp(session: string, client: AppClient): Promise<Step> {
    const { user, ...challenge } = this.challenges.get(session, ["MFA_SETUP"], client);
    if (user!.softwareToken === undefined) throw failures.parameter("User has not verified software token MFA");
    this.challenges.take(session, ["MFA_SETUP"], client);
    return this.complete({ ...challenge, user: user! });
  }

  /** Ends a sign-in: tells the pool's trigger. @throws {CognitoError} when it refuses */
  async complete(of: SigningIn & { readonly user: DirectoryUser; readonly source: TokenSource }): Promise<Step> {
    const { client, user, source, clientMetadata } = of;
    await this.pools.triggers.ask("postAuthentication", {
      source: "PostAuthentication_Authentication",
      client,
      username: user.username,
      request: {
        userAttributes: triggerAttributes(user),
        newDeviceUsed: false,
        ...(clientMetadata && { clientMetadata }),
      },
      response: {},
    });
    return { kind: "signed in", user, source, clientMetadata };
  }

  /** Asks a challenge. */
  challenge(of: Omit<Challenge, "name">, name: string, parameters: Readonly<Record<string, string>>): Step {
    const userId = of.user?.username ?? of.username;
    const session = this.challenges.add({ ...of, name });
    return { kind: "challenge", name, session, parameters: { USER_ID_FOR_SRP: userId, ...parameters } };
  }

  private async afterFirstFactor(
    of: Omit<Challenge, "name" | "user"> & { readonly user: DirectoryUser },
  ): Promise<Step> {
    const { mfa } = of.client.pool.settings;
    if (of.user.needsSoftwareToken(mfa)) return this.challenge(of, "SOFTWARE_TOKEN_MFA", { FRIENDLY_DEVICE_NAME: "" });
    if (mfa === "ON") return this.challenge(of, "MFA_SETUP", { MFAS_CAN_SETUP: '["SOFTWARE_TOKEN_MFA"]' });
    return this.complete(of);
  }
}

function resetRequired(): CognitoError {
  return new CognitoError("PasswordResetRequiredException", "Password reset required for the user");
}
