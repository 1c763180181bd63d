import type { ServiceContract } from "../../apps/kit/contract";
import { functionQuotas } from "../../infra/gateway/quotas";
import { grantsVariable } from "../../infra/identity/triggers/grants";
import { grantedScopes } from "./granted-scopes";
import { type ConfigProblem, formatValue } from "./problems";
import { scopesOf } from "./route-rules";
import type { PlatformConfig } from "./schema";
import type { SignInConfig } from "./sign-in-schema";

type Problems = Iterable<ConfigProblem>;

/** Bytes of a variable of a trigger: what the others leave of all that a function takes. */
const VARIABLE_BYTES = functionQuotas.variables.value - 1_096;

/** What signing in is checked against. */
interface SignInContext {
  /** The services that exist, by name. */
  readonly contracts: Readonly<Record<string, ServiceContract>>;
  /** @default invalid, as another problem says */
  readonly domain: PlatformConfig["domain"] | undefined;
  readonly tenants: PlatformConfig["tenants"] | undefined;
  /** Names that lead to something else, and to what. */
  readonly taken: ReadonlyMap<string, string>;
  /** Names of the regions, the primary one first. @default invalid, as another problem says */
  readonly regionNames: readonly string[] | undefined;
}

/** Returns the problems of signing in that no value shows alone. */
export function signInProblems(signIn: SignInConfig, context: SignInContext): ConfigProblem[] {
  return [
    ...groupProblems(signIn, context.contracts),
    ...signUpProblems(signIn, context),
    ...messageProblems(signIn, context),
    ...domainProblems(signIn, context),
    ...providerProblems(signIn),
    ...regionsProblems(signIn, context),
    ...phoneProblems(signIn),
  ];
}

/** Checks that text messages do not become a second factor, which they do where a pool can send them and has one. */
function* phoneProblems({ phone, secondFactor }: SignInConfig): Problems {
  if (phone === undefined || secondFactor === "off") return;
  yield {
    path: "signIn.phone",
    text: `must not be set with signIn.secondFactor ${secondFactor}, as text messages would be a second factor, too, which who takes over a number gets; set secondFactor to off, or remove phone`,
  };
}

/** Checks that no two providers have one name, in any case: their secrets would have one, too. */
function* providerProblems({ providers: { oidc = {}, saml = {} } }: SignInConfig): Problems {
  const names = Object.keys(oidc).map((name) => name.toUpperCase());
  for (const name of Object.keys(saml).filter((each) => names.includes(each.toUpperCase()))) {
    yield {
      path: `signIn.providers.saml.${name}`,
      text: "must have a name of its own, and a provider of oidc has it; rename one of them",
    };
  }
}

/**
 * Checks that there is another region for a second user pool, and that no one who copies a person's mailbox gets around
 * their factor there.
 */
function* regionsProblems({ regions, secondFactor }: SignInConfig, { regionNames }: SignInContext): Problems {
  if (regions === "primary") return;
  if (regionNames !== undefined && regionNames.length < 2) {
    yield {
      path: "signIn.regions",
      text: `needs two regions in platform:regions, got ${regionNames.length}; add one, or set signIn.regions to primary`,
    };
  }
  if (secondFactor !== "off") {
    yield {
      path: "signIn.regions",
      text: `must be primary with signIn.secondFactor ${secondFactor}: a factor cannot be copied, so that recovery by mail in the other region would be a way around it, got "each"; set secondFactor to off, or regions to primary`,
    };
  }
}

/** Checks the name of the sign-in page: Cognito takes it only where the name above it has an A record. */
function* domainProblems({ domain: name }: SignInConfig, { domain, taken }: SignInContext): Problems {
  if (name === undefined || domain === undefined) return;
  const example = `sign-in.${domain.api}`;
  if (name.slice(name.indexOf(".") + 1) !== domain.api) {
    yield {
      path: "signIn.domain",
      text: `must be one label below domain.api, whose A record Cognito looks for, got ${formatValue(name)}; try "${example}"`,
    };
  }
  if (taken.has(name)) {
    yield {
      path: "signIn.domain",
      text: `must be a name of its own, got ${formatValue(name)}, which ${taken.get(name)} has; try "${example}"`,
    };
  }
}

/** Checks what needs SES, and that the address is one that the zone can vouch for. */
function* messageProblems(
  { mail, product, codeByMail, secondFactor }: SignInConfig,
  { domain }: SignInContext,
): Problems {
  const of = mail?.from.split("@")[1]?.toLowerCase() ?? "";
  if (mail !== undefined && domain !== undefined && of !== domain.zone && !of.endsWith(`.${domain.zone}`)) {
    yield {
      path: "signIn.mail.from",
      text: `must be an address in the zone ${domain.zone}, whose records show that it may send, got ${formatValue(mail.from)}; change it`,
    };
  }
  const sender = mail?.sender ?? "none";
  if (product !== undefined && sender !== "ses") {
    yield {
      path: "signIn.product",
      text: `needs signIn.mail.sender ses, as Cognito's own sender takes no texts, got ${formatValue(sender)}; set it, or remove product`,
    };
  }
  if (!codeByMail) return;
  if (sender !== "ses" || product === undefined) {
    yield {
      path: "signIn.codeByMail",
      text: `needs signIn.mail.sender ses and signIn.product, got ${formatValue(sender)} and ${formatValue(product ?? "none")}; set both, or codeByMail to false`,
    };
  }
  if (secondFactor !== "off") {
    yield {
      path: "signIn.codeByMail",
      text: `must not be true with signIn.secondFactor ${secondFactor}, as the code would be a way around the second factor; set secondFactor to off, or codeByMail to false`,
    };
  }
}

function* groupProblems({ groups = {} }: SignInConfig, contracts: Readonly<Record<string, ServiceContract>>): Problems {
  const known = scopesOf(contracts);
  for (const [name, { scopes }] of Object.entries(groups)) {
    for (const [i, scope] of scopes === "all" ? [] : scopes.entries()) {
      if (known.includes(scope)) continue;
      yield {
        path: `signIn.groups.${name}.scopes[${i}]`,
        text: `must be a scope of a service (${known.join(", ")}), got ${formatValue(scope)}; correct it`,
      };
    }
  }
  const bytes = Buffer.byteLength(grantsVariable(grantedScopes(groups, known)));
  if (bytes > VARIABLE_BYTES) {
    yield {
      path: "signIn.groups",
      text: `must be at most ${VARIABLE_BYTES} bytes together, which the trigger's variables take, got ${bytes}; join groups, or shorten their names`,
    };
  }
}

function* signUpProblems({ groups, signUp }: SignInConfig, { tenants }: SignInContext): Problems {
  if (signUp.tenants !== undefined && tenants === undefined) {
    yield { path: "signIn.signUp.tenants", text: "needs tenants, got none; add tenants, or remove it" };
  }
  const bytes = Buffer.byteLength(JSON.stringify([signUp.domains, signUp.tenants ?? {}]));
  if (bytes > VARIABLE_BYTES) {
    yield {
      path: "signIn.signUp",
      text: `must have domains and tenants of at most ${VARIABLE_BYTES} bytes together, which a trigger's variables take, got ${bytes}; remove some`,
    };
  }
  if (signUp.group === undefined || (groups !== undefined && Object.hasOwn(groups, signUp.group))) return;
  const names = Object.keys(groups ?? {});
  yield {
    path: "signIn.signUp.group",
    text: `must be a group of signIn.groups (${names.join(", ") || "none"}), got ${formatValue(signUp.group)}; add it there`,
  };
}
