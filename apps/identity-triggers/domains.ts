import { disposableEmailBlocklistSet } from "disposable-email-domains-js";

/** Which e-mail domains people may have. */
export interface DomainRules {
  /** Domains whose addresses may sign up and in; every one where the list is empty. */
  readonly allowed: readonly string[];
  /** Whether addresses to throw away may sign up, where the domain is not in the list. */
  readonly disposable: boolean;
}

let throwAway: ReadonlySet<string> | undefined;

/** Tells whether a domain, or one above it, gives out addresses to throw away. The list is that of the deployed package. */
export function isThrowAway(domain: string): boolean {
  throwAway ??= disposableEmailBlocklistSet();
  const labels = domain.split(".");
  return labels.some((_, i) => throwAway!.has(labels.slice(i).join(".")));
}

/** Tells whether a domain is in the list of allowed ones, exactly; a domain below it is another. */
export function isAllowed({ allowed }: DomainRules, domain: string | undefined): boolean {
  return allowed.length === 0 || (domain !== undefined && allowed.includes(domain));
}

/**
 * Reads the variables DOMAINS (a JSON list) and DISPOSABLE (`allowed`, or else refused).
 * @throws {Error} one sentence when DOMAINS has another form
 */
export function parseDomainRules(env: Readonly<Record<string, string | undefined>>): DomainRules {
  const allowed = listOf(env["DOMAINS"] || "[]");
  if (allowed === undefined) {
    throw new Error('identity-triggers: DOMAINS must be JSON such as ["example.com"]; deploy it again');
  }
  return { allowed, disposable: env["DISPOSABLE"] === "allowed" };
}

function listOf(json: string): readonly string[] | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return Array.isArray(value) && value.every((each) => typeof each === "string") ? value : undefined;
  } catch {
    return undefined;
  }
}
