import { randomInt, timingSafeEqual } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { OnFailure, TriggerEvent } from "./event";

/** A round of a sign-in whose challenges the pool's triggers define. */
export interface Round {
  readonly challengeName: string;
  readonly challengeResult: boolean;
  /** What the challenge was created with; no client sees it. */
  readonly challengeMetadata?: string;
}

/** The event of the triggers that define and create challenges. */
export interface ChallengeEvent extends TriggerEvent {
  readonly request: TriggerEvent["request"] & {
    readonly session?: readonly Round[] | null;
    /** True for a user who does not exist, where the client hides that. */
    readonly userNotFound?: boolean;
  };
}

/** The event of the trigger that verifies an answer. */
export interface AnswerEvent extends TriggerEvent {
  readonly request: TriggerEvent["request"] & {
    readonly privateChallengeParameters?: Readonly<Record<string, string>> | null;
    readonly challengeAnswer?: unknown;
    readonly userNotFound?: boolean;
  };
}

const digits = 8;
const mostAnswers = 3;
const own = "CUSTOM_CHALLENGE";

/**
 * Makes the trigger that decides what a sign-in without a password goes on with: a code by mail, three answers at most, and
 * tokens after a right one. Where a user does not exist, the same is asked and no answer is right.
 *
 * **When it fails:** who signs in by a code by mail cannot; passwords and other providers go on. It asks nothing outside
 * itself and changes nothing, so that it may run any number of times.
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-define-auth-challenge.html
 */
export function createDefineChallengeTrigger() {
  return async <E extends ChallengeEvent>(event: E) => {
    const { session, userNotFound } = event.request;
    const rounds = session ?? [];
    const answered = rounds.at(-1);
    const decide = (response: object) => ({ ...event, response });
    const issued = { issueTokens: false, failAuthentication: false };
    // A sign-in that began with another challenge, as a password, is not this one.
    if (rounds.some(({ challengeName }) => challengeName !== own))
      return decide({ ...issued, failAuthentication: true });
    if (answered?.challengeResult === true && userNotFound !== true) return decide({ ...issued, issueTokens: true });
    if (rounds.length >= mostAnswers) return decide({ ...issued, failAuthentication: true });
    return decide({ ...issued, challengeName: own });
  };
}

/** What `createChallengeTrigger` needs. */
export interface ChallengeParts {
  /** Sends a code to an address. */
  readonly send: (address: string, code: string) => Promise<void>;
  readonly onFailure: OnFailure;
}

/**
 * Makes the trigger that creates the code: eight digits, sent to the verified address of the user in the first round, and
 * the same in the rounds after a wrong answer. The code is in no log and no answer to the client; Cognito keeps it with the
 * session, which ends after some minutes. To a user who does not exist, or whose address is not verified, nothing is sent,
 * and the answer takes as long and looks the same.
 *
 * **When it fails:** a mail that cannot be sent refuses this sign-in with an error and raises an alarm; passwords and other
 * providers go on. When Cognito asks again after a timeout, another code is sent: the newest counts, and the mail says so.
 * @throws {Error} without details, from the handler, when the mail cannot be sent
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-create-auth-challenge.html
 */
export function createChallengeTrigger({ send, onFailure }: ChallengeParts) {
  /** How long the last mail took, in milliseconds. */
  let lastMs = 100;
  const sendOrWait = async (address: string | undefined, code: string): Promise<void> => {
    if (address === undefined) return void (await sleep(lastMs));
    const began = performance.now();
    await send(address, code).catch((error: unknown) => {
      onFailure("a code could not be sent by mail", error);
      throw new Error("The code could not be sent; try again, or sign in with your password");
    });
    lastMs = Math.min(performance.now() - began, 1_000);
  };
  return async <E extends ChallengeEvent>(event: E) => {
    const { session, userAttributes, userNotFound } = event.request;
    const before = session?.at(-1)?.challengeMetadata;
    const code = before ?? String(randomInt(10 ** digits)).padStart(digits, "0");
    const verified = userNotFound !== true && userAttributes?.["email_verified"] === "true";
    if (before === undefined) await sendOrWait(verified ? userAttributes?.["email"] : undefined, code);
    return {
      ...event,
      response: {
        publicChallengeParameters: { medium: "EMAIL" },
        privateChallengeParameters: { code },
        challengeMetadata: code,
      },
    };
  };
}

/**
 * Makes the trigger that compares an answer with the code, in the same time for every answer. Spaces around it do not
 * count. An answer for a user who does not exist is wrong.
 *
 * **When it fails:** who signs in by a code by mail cannot; passwords and other providers go on. It asks nothing outside
 * itself and changes nothing, so that it may run any number of times; a code counts once, as the session does.
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-verify-auth-challenge-response.html
 */
export function createVerifyChallengeTrigger() {
  return async <E extends AnswerEvent>(event: E) => {
    const { privateChallengeParameters, challengeAnswer, userNotFound } = event.request;
    const answerCorrect = userNotFound !== true && same(privateChallengeParameters?.["code"], challengeAnswer);
    return { ...event, response: { answerCorrect } };
  };
}

function same(code: string | undefined, answer: unknown): boolean {
  if (code === undefined || typeof answer !== "string" || answer.length > 64) return false;
  const [expected, given] = [Buffer.from(code), Buffer.from(answer.trim())];
  return /^\d{8}$/.test(code) && expected.length === given.length && timingSafeEqual(expected, given);
}
