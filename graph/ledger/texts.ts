import type { PlannedResource } from "../model";

/** A text in the inputs of a resource. */
export interface InputText {
  /** Names that lead to it; an entry of a list of `{ name, value }` has its name. @example ["environment", "QUEUE_URL"] */
  readonly path: readonly string[];
  readonly text: string;
}

/**
 * Inputs that are no calls of the resource: words for people, what others may do with it, addresses of clients, and the key
 * that a replica is of, which works by itself.
 */
const noCalls = new Set([
  "assumeRolePolicy",
  "allowOrigins",
  "callbackUrls",
  "comment",
  // Which addresses browsers may ask.
  "contentSecurityPolicy",
  "CORS_ORIGINS",
  "defaultRedirectUri",
  "description",
  "domain",
  "domainName",
  "domainValidationOptions",
  "inlinePolicies",
  "logoutUrls",
  "name",
  "policy",
  "primaryKeyArn",
  "principal",
  "replicas",
  "responseParameters",
  "responseTemplates",
  "setIdentifier",
  "sourceArn",
  "subjectAlternativeNames",
  "summary",
  "tagSpecifications",
  "tags",
  "tagsAll",
  "title",
  "x-amazon-apigateway-gateway-responses",
  "x-amazon-apigateway-policy",
]);

/** Inputs that are no calls of one type alone: regions that health checkers ask from, and an object that browsers read. */
const noCallsOfType: Readonly<Record<string, string>> = {
  "aws:route53/healthCheck:HealthCheck": "regions",
  "aws:s3/bucketObjectv2:BucketObjectv2": "content",
};

/** Returns every text of a resource's inputs that may name what it calls, those inside JSON and base64 included. */
export function textsOf({ type, inputs }: PlannedResource): InputText[] {
  const found: InputText[] = [];
  const visit = (value: unknown, path: readonly string[]): void => {
    if (typeof value === "string") visitText(value, path);
    else if (Array.isArray(value)) {
      for (const [index, each] of value.entries()) visit(each, [...path, nameOf(each) ?? String(index)]);
    } else if (value !== null && typeof value === "object") visitObject(value, path);
  };
  const visitObject = (value: object, path: readonly string[]): void => {
    const { name, value: own } = value as { name?: unknown; value?: unknown };
    if (typeof name === "string" && typeof own === "string") visitText(own, path);
    else {
      for (const [key, each] of Object.entries(value)) {
        if (!noCalls.has(key) && noCallsOfType[type] !== key) {
          visit(each, [...path, key]);
        }
      }
    }
  };
  const visitText = (text: string, path: readonly string[]): void => {
    if (noCalls.has(path.at(-1) ?? "")) return;
    const isUserData = /^userData(Base64)?$/i.test(path.at(-1) ?? "");
    const json = isUserData ? undefined : parsed(text);
    if (isUserData) visitLines(decoded(text), path);
    else if (json === undefined) found.push({ path, text });
    else visit(json, path);
  };
  const visitLines = (text: string, path: readonly string[]): void => {
    for (const line of text.split("\n")) {
      const [, variable = "line"] = /^\s*(?:export\s+|Environment=)?"?([A-Z][A-Z0-9_]{2,})=/.exec(line) ?? [];
      if (!noCalls.has(variable)) found.push({ path: [...path, variable], text: line });
    }
  };
  visit(inputs, []);
  return found;
}

/** Name of an entry of a list of names and values, as in containers and Beanstalk. */
function nameOf(each: unknown): string | undefined {
  const { name, value, valueFrom } = (each ?? {}) as Record<string, unknown>;
  return typeof name === "string" && (typeof value === "string" || typeof valueFrom === "string") ? name : undefined;
}

function parsed(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** User data is base64 in launch templates, and may be plain. */
function decoded(text: string): string {
  return /^[A-Za-z0-9+/=\s]+$/.test(text) ? Buffer.from(text, "base64").toString("utf8") : text;
}
