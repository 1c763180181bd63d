import { createLogger, describeError } from "../kit/log";
import { requiredVariable } from "../kit/settings";
import { createChallengeTrigger, createDefineChallengeTrigger, createVerifyChallengeTrigger } from "./challenge";
import { createCopy } from "./copy";
import { createCustomMessageTrigger } from "./custom-message";
import { parseDomainRules } from "./domains";
import { parseGrants } from "./grants";
import { NewPeople } from "./group";
import { Mail } from "./mail";
import { Members } from "./members";
import { UserPools } from "./pools";
import { createPostAuthenticationTrigger } from "./post-authentication";
import { createPostConfirmationTrigger } from "./post-confirmation";
import { createPreAuthenticationTrigger } from "./pre-authentication";
import { createPreSignUpTrigger } from "./pre-sign-up";
import { createPreTokenTrigger } from "./pre-token";

/*
 * Handlers of the user pool's triggers, by their name in its `lambdaConfig`. Each is a function of its own with this bundle.
 * It has the variables that it reads, and the permissions that it uses: infra/identity/triggers/triggers-of.ts gives both.
 */

const { env } = process;
const log = createLogger({ service: "identity-triggers" });
const onFailure = (what: string, error?: unknown) => log.error(what, error === undefined ? {} : describeError(error));
const variable = (name: string) => requiredVariable("identity-triggers", env, name);

/** Makes a handler when it is first called: what it needs is missing in the functions of the other handlers. */
function first<Event, Answer>(make: () => (event: Event) => Promise<Answer>) {
  let made: ((event: Event) => Promise<Answer>) | undefined;
  return async (event: Event): Promise<Answer> => {
    made ??= make();
    return made(event);
  };
}

const table = env["MEMBERS_TABLE"] ? new Members(env["MEMBERS_TABLE"]) : undefined;

/** Reads DOMAINS and DISPOSABLE. */
export const preSignUp = first(() => createPreSignUpTrigger(parseDomainRules(env)));

/** Reads DOMAINS. */
export const preAuthentication = createPreAuthenticationTrigger({ rules: () => parseDomainRules(env), onFailure });

/** Reads COPY_REGION and COPY_DOMAIN: the region of the other pool, and the prefix of its sign-in page. */
const copy = env["COPY_REGION"]
  ? createCopy({ pools: new UserPools(env["COPY_REGION"], variable("COPY_DOMAIN")), onFailure })
  : undefined;

/** Reads MEMBERS_TABLE, GRANTS, SUBJECTS, MACHINE_ID and what `copy` reads. */
export const preTokenGeneration = createPreTokenTrigger({
  subjects: env["SUBJECTS"] ? { machineId: env["MACHINE_ID"] } : undefined,
  readMember: table && ((id) => table.read(id)),
  grants: parseGrants(env["GRANTS"]),
  copy,
  onFailure,
});

/** Reads RECORD_SIGN_INS, with which it writes a line of level info for each sign-in, and what `copy` reads. */
export const postAuthentication = createPostAuthenticationTrigger({
  record: env["RECORD_SIGN_INS"] ? (signIn) => log.info("signed in", { ...signIn }) : undefined,
  copy,
});

/** Reads PRODUCT. */
export const customMessage = first(() => createCustomMessageTrigger({ product: variable("PRODUCT"), onFailure }));

/**
 * Reads NEW_PEOPLE, the name of their group, MEMBERS_TABLE and TENANTS, the tenant by e-mail domain as JSON, and what
 * `copy` reads.
 */
export const postConfirmation = first(() => {
  const group = env["NEW_PEOPLE"] ? new NewPeople(env["NEW_PEOPLE"]) : undefined;
  return createPostConfirmationTrigger({
    joinGroup: group && ((user) => group.join(user)),
    tenants: table && {
      byDomain: new Map(Object.entries(JSON.parse(env["TENANTS"] || "{}") as Record<string, string>)),
      readTenant: (name) => table.readTenant(name),
      add: (member) => table.add(member),
    },
    copy,
    onFailure,
  });
});

/** Reads no variable. */
export const defineAuthChallenge = createDefineChallengeTrigger();

/** Reads FROM_ADDRESS and PRODUCT. */
export const createAuthChallenge = first(() => {
  const mail = new Mail(variable("FROM_ADDRESS"), variable("PRODUCT"));
  return createChallengeTrigger({ send: (address, code) => mail.send(address, code), onFailure });
});

/** Reads no variable. */
export const verifyAuthChallengeResponse = createVerifyChallengeTrigger();
