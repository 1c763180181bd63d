import { randomBytes } from "node:crypto";
import type { AppClient } from "../clients";
import { CognitoError, failures } from "../cognito-error";
import type { DirectoryUser } from "../directory/directory-user";
import type { SrpChallenge } from "../directory/srp";
import type { TokenSource } from "../pre-token";
import type { ClientMetadata } from "./sign-up";

/** One round of a custom sign-in, as triggers are told it. */
export interface CustomRound {
  readonly challengeName: string;
  readonly challengeResult: boolean;
  readonly challengeMetadata?: string | null;
}

/** A custom sign-in. */
export interface CustomSignIn {
  readonly rounds: readonly CustomRound[];
  readonly privateParameters?: Readonly<Record<string, string>>;
  readonly metadata?: string | null;
}

/** A challenge that waits for its answer. */
export interface Challenge {
  readonly name: string;
  readonly client: AppClient;
  /** Name that the person gave. */
  readonly username: string;
  /** Unset for one whom the pool does not have, which no answer reveals. */
  readonly user: DirectoryUser | undefined;
  /** How tokens are asked for once it is answered. */
  readonly source: TokenSource;
  readonly clientMetadata?: ClientMetadata;
  readonly srp?: SrpChallenge | undefined;
  readonly custom?: CustomSignIn;
}

/** What a sign-in comes to: another challenge, or the user. */
export type Step =
  | {
      readonly kind: "challenge";
      readonly name: string;
      readonly session: string;
      readonly parameters: Readonly<Record<string, string>>;
    }
  | {
      readonly kind: "signed in";
      readonly user: DirectoryUser;
      readonly source: TokenSource;
      readonly clientMetadata: ClientMetadata;
    };

/** The challenges that wait for an answer. Each can be answered once, in the time that its client has planned. */
export class Challenges {
  private readonly waiting = new Map<string, { readonly challenge: Challenge; readonly expiresAt: number }>();

  /** @param now  milliseconds since the epoch */
  constructor(private readonly now: () => number) {}

  /** @returns the session by which the client answers */
  add(challenge: Challenge): string {
    const now = this.now();
    for (const [session, { expiresAt }] of this.waiting) if (expiresAt <= now) this.waiting.delete(session);
    const session = randomBytes(48).toString("base64url");
    this.waiting.set(session, { challenge, expiresAt: now + challenge.client.challengeSeconds * 1_000 });
    return session;
  }

  /**
   * Returns the challenge of a session.
   * @param names  challenges that are answered so
   * @throws {CognitoError} NotAuthorizedException for a session that is over, used, or of another challenge
   */
  get(session: string, names: readonly string[], client?: AppClient): Challenge {
    const found = this.waiting.get(session);
    if (found === undefined) throw failures.session();
    if (found.expiresAt <= this.now()) {
      throw new CognitoError("NotAuthorizedException", "Invalid session for the user, session is expired.");
    }
    const { challenge } = found;
    if (!names.includes(challenge.name) || (client !== undefined && challenge.client !== client))
      throw failures.session();
    return challenge;
  }

  /** As `get`, and the session is over. @throws {CognitoError} */
  take(session: string, names: readonly string[], client?: AppClient): Challenge {
    const challenge = this.get(session, names, client);
    this.waiting.delete(session);
    return challenge;
  }
}
