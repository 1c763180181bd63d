import { readCaseFiles } from "./case-files";
import type { Grade } from "./cases";
import type { JsonValue } from "./match";

/** One thing that Cognito user pools do, with its source. */
export interface CognitoCase {
  readonly id: string;
  readonly grade: Grade;
  readonly source: string;
  readonly note?: string;
  readonly given?: CognitoGiven;
  /** What is done, one after the other. */
  readonly steps: readonly CognitoStep[];
  /** What is observed, in part: see `observeCognito`. */
  readonly expected: JsonValue;
  /** Why the local platform does something else; docs/local.md names the case. */
  readonly deviation?: string;
}

/** What is there before the steps. */
export interface CognitoGiven {
  /** Arguments of the user pool and of its one client, in addition to those of `World`. */
  readonly pool?: Readonly<Record<string, JsonValue>>;
  readonly client?: Readonly<Record<string, JsonValue>>;
  readonly groups?: readonly { readonly name: string; readonly precedence?: number; readonly roleArn?: string }[];
  /** External provider of the pool, by name. */
  readonly provider?: string;
  readonly users?: readonly GivenUser[];
  /** What the functions of triggers do, by the trigger's name in `lambdaConfig`. */
  readonly triggers?: Readonly<Record<string, GivenTrigger>>;
  /** Version of the pre-token trigger's events. */
  readonly preTokenVersion?: "V1_0" | "V2_0" | "V3_0";
}

/** A user who is there. @default confirmed, with the password of the cases and a verified address */
export interface GivenUser {
  readonly username: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly status?: "UNCONFIRMED" | "CONFIRMED" | "FORCE_CHANGE_PASSWORD";
  readonly enabled?: boolean;
  readonly groups?: readonly string[];
}

type Response = Readonly<Record<string, JsonValue>>;

/** What a trigger does: it sets fields of the response (others after its first event), throws, or answers as it is told. */
export type GivenTrigger =
  | { readonly response: Response; readonly afterFirst?: Response }
  | { readonly throws: string }
  | { readonly answers: JsonValue };

/**
 * A step of a case. Texts may name what is made during the case: `(client)`, `(secret)` and `(pool)`; `(code ada@shop.example)`
 * is the newest code in the mailbox; `(hash ada)` the hash of a client with a secret; `(from sign-in body.Session)` a field of
 * an earlier step; `(totp associate)` the code of a secret that the step gave, `(query authorize code)` a parameter of its redirect.
 */
export interface CognitoStep {
  /** Name of the step in what is observed. @default "last" */
  readonly as?: string;
  /** An operation of the user-pool API; those of administrators are signed. */
  readonly call?: string;
  readonly input?: Readonly<Record<string, JsonValue>>;
  /** How often it is called; the last answer counts. @default 1 */
  readonly times?: number;
  /** A request to the pool's domain, whose cookies are kept; `form` is sent by POST. */
  readonly path?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly form?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Reads a token. */
  readonly decode?: string;
  /** Seconds that pass. */
  readonly pass?: number;
}

/** Reads every case of user pools by area. */
export function readCognitoCases(): ReadonlyMap<string, readonly CognitoCase[]> {
  return readCaseFiles<CognitoCase>("cognito-cases");
}
