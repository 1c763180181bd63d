import { randomBytes } from "node:crypto";
import { failures } from "../cognito-error";
import { answersChallenge, challengeOf, type SrpChallenge, verifierOf } from "../directory/srp";
import type { Authentication, SigningIn } from "./authentication";
import type { Challenge, CustomSignIn, Step } from "./challenges";

/** The challenges of SRP, by which a password is shown without being sent. */
export class SecurePassword {
  constructor(private readonly authentication: Authentication) {}

  /**
   * Asks the first challenge; one that looks the same for a user who does not exist, where the client hides that.
   * @param clientPublic  `SRP_A`
   * @param custom  the custom sign-in that it is a part of
   * @throws {CognitoError}
   */
  async begin(signingIn: SigningIn, clientPublic: string, custom?: CustomSignIn): Promise<Step> {
    const { authentication } = this;
    const { client, username } = signingIn;
    const user = await authentication.find(signingIn);
    if (user === undefined && !client.hidesUsers) throw failures.noUser();
    const directory = authentication.pools.directory(client.pool.id);
    const simulated = directory.simulated(username);
    const userId = user?.username ?? simulated.userId;
    const { salt } = user?.verifier ?? simulated;
    // Without a password there is none that is right.
    const kept = user?.verifier ?? verifierOf(directory.poolName, userId, randomBytes(32).toString("hex"), salt);
    const srp = challengeOf(kept, clientPublic);
    if (srp === undefined) throw failures.parameter("SRP_A must be a number of the group, in hexadecimal");
    const of = {
      ...signingIn,
      user,
      source: "TokenGeneration_Authentication",
      srp,
      ...(custom && { custom }),
    } as const;
    const step = authentication.challenge(of, "PASSWORD_VERIFIER", parametersOf(srp, userId));
    if (step.kind !== "challenge") return step;
    // Clients answer by the block, and need not send the session.
    const SECRET_BLOCK = Buffer.from(step.session).toString("base64");
    return { ...step, parameters: { ...step.parameters, SECRET_BLOCK } };
  }

  /** Checks an answer. @returns the challenge, of a user whose password was right @throws {CognitoError} */
  verify(
    client: SigningIn["client"],
    answers: Readonly<Record<string, string>>,
  ): Challenge & { user: NonNullable<Challenge["user"]> } {
    const {
      PASSWORD_CLAIM_SECRET_BLOCK: block = "",
      PASSWORD_CLAIM_SIGNATURE: signature = "",
      TIMESTAMP: timestamp = "",
    } = answers;
    const secretBlock = Buffer.from(block, "base64");
    const challenge = this.authentication.challenges.take(secretBlock.toString(), ["PASSWORD_VERIFIER"], client);
    const { user, srp } = challenge;
    const directory = this.authentication.pools.directory(client.pool.id);
    const userId = user?.username ?? directory.simulated(challenge.username).userId;
    const answer = {
      poolName: directory.poolName,
      ...{ userId, secretBlock, timestamp, signature: Buffer.from(signature, "base64") },
    };
    const isRight = () => answersChallenge(srp!, answer);
    if (user === undefined) {
      isRight();
      throw failures.wrongPassword();
    }
    this.authentication.checkFactor(user, isRight, failures.wrongPassword);
    return { ...challenge, user };
  }
}

function parametersOf({ salt, serverPublic }: SrpChallenge, userId: string): Readonly<Record<string, string>> {
  return {
    SALT: salt.toString("hex"),
    SRP_B: serverPublic.toString(16),
    USERNAME: userId,
    USER_ID_FOR_SRP: userId,
  };
}
