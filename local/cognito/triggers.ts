import { setTimeout as sleep } from "node:timers/promises";
import { FunctionFailure } from "../local-compute";
import type { AppClient } from "./clients";
import { CognitoError } from "./cognito-error";
import { type TriggerName, triggerNames } from "./pool-settings";
import type { InvokeFunction } from "./pre-token";
import type { User } from "./users";

/** What a trigger is asked. */
export interface TriggerCall {
  /** @example "PreSignUp_SignUp" */
  readonly source: string;
  readonly client: Pick<AppClient, "id" | "pool">;
  readonly username: string;
  readonly request: Readonly<Record<string, unknown>>;
  /** Fields of the response before the trigger sets them. */
  readonly response: Readonly<Record<string, unknown>>;
}

const tries = 3;

/**
 * Runs the triggers of user pools as Cognito does: it waits 5 s for an answer, three times, and passes an error of the
 * function on to the client.
 */
export class Triggers {
  /** @param waitMs  how long Cognito waits for an answer. @default 5 s */
  constructor(
    private readonly invoke: InvokeFunction,
    private readonly waitMs = 5_000,
  ) {}

  /**
   * Asks a trigger.
   * @returns its response; `undefined` when the pool has no such trigger
   * @throws {CognitoError} when the function fails or answers nothing that can be read
   */
  async ask(name: TriggerName, call: TriggerCall): Promise<Readonly<Record<string, any>> | undefined> {
    const arn = call.client.pool.settings.triggers[name];
    if (arn === undefined) return undefined;
    const answer: any = await this.answerOf(triggerNames[name], arn, eventOf(call));
    const response = answer?.response;
    if (typeof response !== "object" || response === null) {
      throw new CognitoError("InvalidLambdaResponseException", "Unrecognizable lambda output");
    }
    return response;
  }

  /**
   * Invokes the function of a trigger.
   * @param name  as errors have it. @example "PreTokenGeneration"
   * @throws {CognitoError} when it fails
   */
  async answerOf(name: string, arn: string, event: object): Promise<unknown> {
    for (let left = tries; left > 0; left--) {
      try {
        return await this.withinTime(this.invoke(arn, event));
      } catch (error) {
        if (error instanceof OutOfTime) continue;
        throw refusal(name, error);
      }
    }
    const text = `${name} invocation failed due to error Socket timeout while invoking Lambda function.`;
    throw new CognitoError("UnexpectedLambdaException", text);
  }

  private async withinTime(answer: Promise<unknown>): Promise<unknown> {
    const ended = new AbortController();
    const late = sleep(this.waitMs, undefined, { signal: ended.signal }).then(() => {
      throw new OutOfTime();
    });
    late.catch(() => {});
    answer.catch(() => {}); // of a try that is not waited for any more
    try {
      return await Promise.race([answer, late]);
    } finally {
      ended.abort();
    }
  }
}

class OutOfTime extends Error {}

/** Returns the error of a function that failed: what it threw, or that it could not be run. */
function refusal(name: string, error: unknown): CognitoError {
  const { reason, payload } = error instanceof FunctionFailure ? error : { reason: undefined, payload: undefined };
  if (reason === "throttled") {
    return new CognitoError("TooManyRequestsException", `${name} invocation failed due to error Rate Exceeded.`);
  }
  if (payload === undefined) {
    return new CognitoError("UnexpectedLambdaException", `${name} invocation failed due to configuration.`);
  }
  return new CognitoError("UserLambdaValidationException", `${name} failed with error ${payload.errorMessage}.`);
}

/** Returns the fields that the events of all triggers have. */
function eventOf({ source, client, username, request, response }: TriggerCall): object {
  return {
    version: "1",
    region: client.pool.id.split("_")[0],
    userPoolId: client.pool.id,
    userName: username,
    callerContext: { awsSdkVersion: "aws-sdk-unknown-unknown", clientId: client.id },
    triggerSource: source,
    request,
    response,
  };
}

/** Returns the attributes of a user as triggers are told them. */
export function triggerAttributes(user: User & { readonly status?: string }): Readonly<Record<string, string>> {
  return { sub: user.sub, ...(user.status && { "cognito:user_status": user.status }), ...user.attributes };
}
