import type { CopyEvent, OwnUser } from "./copy";
import type { TriggerEvent } from "./event";

/** The event of the post authentication trigger. */
export interface PostAuthenticationEvent extends TriggerEvent {
  readonly request: TriggerEvent["request"] & { readonly newDeviceUsed?: boolean };
}

/** A sign-in as it is recorded: without name, address or anything that a client sends. */
export interface SignInRecord {
  /** `sub` of the user. */
  readonly user: string | undefined;
  readonly client: string;
  readonly newDevice: boolean;
}

/** What `createPostAuthenticationTrigger` does. */
export interface PostAuthenticationParts {
  /** Records a sign-in. @default nothing is recorded */
  readonly record?: ((signIn: SignInRecord) => void) | undefined;
  /** Copies the person to the pool of the other region; never fails. @default no one is copied */
  readonly copy?: ((event: CopyEvent) => Promise<void>) | undefined;
}

/**
 * Makes the post authentication trigger of a user pool. It records each sign-in in the function's log: who, by `sub`, and at
 * which client. With a pool in each region it copies who is not copied yet, see `createCopy`. A refresh is no sign-in.
 *
 * **When it fails:** Cognito gives the person no tokens, though the password was right. So this one never fails: a record
 * that cannot be written is lost, a copy is made at the next sign-in, and the person is signed in. Cognito may ask twice
 * after a timeout; the record is there twice then, and the copy once.
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-post-authentication.html
 */
export function createPostAuthenticationTrigger({ record, copy }: PostAuthenticationParts) {
  return async <E extends PostAuthenticationEvent & OwnUser>(event: E): Promise<E> => {
    try {
      const { request, callerContext } = event;
      record?.({
        user: request.userAttributes?.["sub"],
        client: callerContext.clientId,
        newDevice: request.newDeviceUsed === true,
      });
    } catch {
      // A log that takes no line can be told nothing.
    }
    await copy?.(event);
    return event;
  };
}
