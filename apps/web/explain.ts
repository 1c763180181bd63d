import type { Person } from "./person";
import type { Answer } from "./request";
import { isObject } from "./schema";
import { type KnownUsage, tooManyText } from "./usage";

/** What an answer means, for the person who sent the request. */
export interface Explanation {
  /** @example "401 · not signed in" */
  readonly title: string;
  readonly text: string;
  readonly kind: "good" | "refused" | "failed";
  /** What helps, as a button. @default nothing that a button does */
  readonly help?: "sign in" | "new token";
}

const statusTexts: Readonly<Record<number, string>> = {
  200: "done",
  202: "accepted",
  204: "done",
  400: "not valid",
  401: "not signed in",
  403: "not allowed",
  404: "not found",
  409: "in conflict",
  413: "too large",
  415: "of another type",
  422: "another request with this key",
  429: "too many requests",
  500: "the service failed",
  502: "what the service needs failed",
  503: "not available",
  504: "not in time",
};

/** Who sent a request, and what for. */
export interface Asker {
  /** What the operation needs. */
  readonly scopes: readonly string[];
  readonly person: Person | undefined;
  /** Whether the sign-in could not be reached when the token was to be replaced. @default false */
  readonly away?: boolean;
  /** What the person's tenant may do. @default the API has no tenants */
  readonly usage?: KnownUsage;
}

/** Says what an answer means. */
export function explain(answer: Answer, { scopes, person, away = false, usage }: Asker): Explanation {
  const { status } = answer;
  const title = status === 0 ? "No answer" : `${status} · ${statusTexts[status] ?? "answered"}`;
  const needed = scopes.join(" or ");
  switch (status) {
    case 0:
      return {
        title,
        kind: "failed",
        text: "The connection failed, or the API does not let this page read its answer.",
      };
    case 401:
      if (answer.signed && away) {
        return {
          ...{ title, kind: "failed" },
          text: "Your token is over, and the sign-in cannot be reached to replace it. You stay signed in: send the request again in a moment.",
        };
      }
      return {
        ...{ title, kind: "refused", help: "sign in" },
        text: answer.signed
          ? "The gateway does not accept this token any more. Sign in again."
          : `This needs a token${needed && ` with the scope ${needed}`}. The gateway refused the request before any server saw it.`,
      };
    case 403:
      return {
        ...{ title, kind: "refused", ...(person === undefined ? {} : { help: "new token" as const }) },
        text:
          usage === "none"
            ? `${person === undefined ? "The caller" : person.email} is in no tenant, which this API demands. Who runs the platform can add people; it takes effect with the next token.`
            : `${person === undefined ? "The caller" : person.email} has no group that grants the scope ${needed}. Who runs the platform can add one; it takes effect with the next token.`,
      };
    case 429:
      return {
        ...{ title, kind: "refused" },
        text:
          typeof usage === "object"
            ? tooManyText(usage, isObject(answer.body) ? answer.body["code"] : undefined, new Date())
            : "All callers of this route together sent more than its limit, or a tenant used up its quota. The gateway refused this request before any server saw it. Wait for a few seconds, and send it again.",
      };
    default:
      return { title, ...messageOf(answer) };
  }
}

function messageOf({ status, body }: Answer): Pick<Explanation, "kind" | "text"> {
  const message = isObject(body) && typeof body["message"] === "string" ? body["message"] : undefined;
  if (status < 400) return { kind: "good", text: status === 202 ? "It is done as soon as the service can." : "" };
  return { kind: status < 500 ? "refused" : "failed", text: message ?? "The answer says no more." };
}
