import { failures } from "../cognito-error";
import type { DirectoryUser } from "../directory/directory-user";
import { triggerAttributes } from "../triggers";
import type { Authentication, SigningIn } from "./authentication";
import type { CustomRound, CustomSignIn, Step } from "./challenges";
import type { SecurePassword } from "./secure-password";

type Of = SigningIn & { readonly user: DirectoryUser | undefined };

/**
 * Sign-ins whose challenges the pool's own triggers define, create and verify. They are asked for users who do not exist
 * too, where the client hides that, and such a sign-in never succeeds.
 */
export class CustomSignIns {
  constructor(
    private readonly authentication: Authentication,
    private readonly securePassword: SecurePassword,
  ) {}

  /** @param clientPublic  `SRP_A` of a client that begins with the password. @throws {CognitoError} */
  async begin(signingIn: SigningIn, clientPublic: string | undefined): Promise<Step> {
    const user = await this.authentication.find(signingIn);
    if (user === undefined && !signingIn.client.hidesUsers) throw failures.noUser();
    const rounds = clientPublic === undefined ? [] : [{ challengeName: "SRP_A", challengeResult: true }];
    return this.next({ ...signingIn, user }, rounds, clientPublic);
  }

  /** Goes on after the password, or an answer to a custom challenge. @throws {CognitoError} */
  async next(of: Of, rounds: readonly CustomRound[], clientPublic?: string): Promise<Step> {
    const decided = await this.ask("defineAuthChallenge", of, "DefineAuthChallenge_Authentication", {
      session: rounds,
    });
    const { challengeName, issueTokens, failAuthentication } = decided;
    if (failAuthentication === true) throw failures.wrongPassword();
    if (issueTokens === true) {
      if (of.user === undefined) throw failures.wrongPassword();
      return this.authentication.afterPassword({ ...of, user: of.user, source: "TokenGeneration_Authentication" });
    }
    if (challengeName === "PASSWORD_VERIFIER" && clientPublic !== undefined) {
      return this.securePassword.begin(of, clientPublic, { rounds });
    }
    if (challengeName !== "CUSTOM_CHALLENGE") throw failures.parameter("Unrecognizable lambda output");
    return this.create(of, rounds);
  }

  /** Goes on after the password of a custom sign-in was right. @throws {CognitoError} */
  afterPassword(of: Of, { rounds }: CustomSignIn): Promise<Step> {
    return this.next(of, [...rounds, { challengeName: "PASSWORD_VERIFIER", challengeResult: true }]);
  }

  /** Checks the answer to a custom challenge. @throws {CognitoError} */
  async answer(session: string, client: SigningIn["client"], answer: string): Promise<Step> {
    const { custom, ...of } = this.authentication.challenges.take(session, ["CUSTOM_CHALLENGE"], client);
    const { rounds, privateParameters, metadata } = custom!;
    const { answerCorrect } = await this.ask(
      "verifyAuthChallengeResponse",
      of,
      "VerifyAuthChallengeResponse_Authentication",
      { privateChallengeParameters: privateParameters, challengeAnswer: answer },
    );
    // A user who does not exist has no right answer.
    const challengeResult = answerCorrect === true && of.user !== undefined;
    const round = {
      challengeName: "CUSTOM_CHALLENGE",
      challengeResult,
      ...(metadata && { challengeMetadata: metadata }),
    };
    return this.next(of, [...rounds, round]);
  }

  private async create(of: Of, rounds: readonly CustomRound[]): Promise<Step> {
    const created = await this.ask("createAuthChallenge", of, "CreateAuthChallenge_Authentication", {
      challengeName: "CUSTOM_CHALLENGE",
      session: rounds,
    });
    const { publicChallengeParameters, privateChallengeParameters, challengeMetadata: metadata } = created;
    const custom = { rounds, privateParameters: privateChallengeParameters ?? {}, metadata };
    const challenge = { ...of, source: "TokenGeneration_Authentication", custom } as const;
    const userId = of.user?.username ?? of.username;
    return this.authentication.challenge(challenge, "CUSTOM_CHALLENGE", {
      USERNAME: userId,
      ...publicChallengeParameters,
    });
  }

  private async ask(
    name: "defineAuthChallenge" | "createAuthChallenge" | "verifyAuthChallengeResponse",
    { client, user, username, clientMetadata }: Of,
    source: string,
    request: Readonly<Record<string, unknown>>,
  ): Promise<Readonly<Record<string, any>>> {
    const response = await this.authentication.pools.triggers.ask(name, {
      source,
      client,
      username: user?.username ?? username,
      request: {
        userAttributes: user ? triggerAttributes(user) : {},
        ...request,
        ...(clientMetadata && { clientMetadata }),
        ...(client.hidesUsers && { userNotFound: user === undefined }),
      },
      response: responses[name],
    });
    return response ?? raise();
  }
}

const responses = {
  defineAuthChallenge: { challengeName: null, issueTokens: null, failAuthentication: null },
  createAuthChallenge: { publicChallengeParameters: null, privateChallengeParameters: null, challengeMetadata: null },
  verifyAuthChallengeResponse: { answerCorrect: null },
};

function raise(): never {
  throw failures.parameter("Custom auth lambda trigger is not configured for the user pool.");
}
