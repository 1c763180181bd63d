import { z } from "zod";
import { count } from "./count";
import { distinct, domainName, emailAddress, signInUrl } from "./formats";

const groupName = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/, "must be 1-64 of a-z, 0-9 and inner hyphens");
const scopeName = z.string().regex(/^[\w.-]+\/[\w.-]+$/, "must be a scope <service>/<scope> such as food-store/write");

const tenantName = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/, "must be the name of a tenant, 1-64 of a-z, 0-9 and inner hyphens");

const group = z.strictObject({
  scopes: distinct(scopeName, 0, 50).describe(
    "Scopes of services that people of the group may have, such as food-store/write.",
  ),
});

const signUp = z
  .strictObject({
    open: z
      .boolean()
      .describe("Whether people may sign up by themselves. With false only an administrator makes users."),
    group: groupName
      .optional()
      .describe("Group that a person joins who has signed up. Without it such a person is in no group."),
    domains: distinct(domainName, 0, 100).describe(
      "E-mail domains whose people may sign up, and may sign in; all others are refused. Empty for every domain.",
    ),
    disposable: z
      .enum(["refused", "allowed"])
      .describe("Whether addresses to throw away may sign up, by a kept list. It has no effect with domains."),
    tenants: z
      .record(domainName, tenantName)
      .optional()
      .describe("Tenant that a person joins who has signed up and confirmed the address, by its e-mail domain."),
  })
  .describe("Who may sign up, and what a person may do who just has.");

const mail = z
  .strictObject({
    from: emailAddress.describe("Address that messages to people come from, in the zone of the environment."),
    sender: z
      .enum(["cognito", "ses"])
      .describe(
        "cognito: Cognito's own sender, 50 messages a day. ses: Amazon SES, from the address above. AWS refuses ses until the records in the zone are verified, and delivers to verified addresses only until it has taken the account out of the sandbox.",
      ),
  })
  .describe("How messages are sent. Without it Cognito's own sender and address are used.");

const password = z
  .strictObject({
    minimumLength: count(
      8,
      99,
      "Least characters of a password, which has letters of both cases, numbers and symbols.",
    ),
    history: count(0, 24, "Passwords before that may not be used again."),
  })
  .describe("What passwords must be.");

/** Schema of how people sign up and in. */
export const signInSchema = z
  .strictObject({
    domainPrefix: z
      .string()
      .regex(
        /^(?!.*(aws|amazon|cognito))[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
        "must be 1-63 of a-z, 0-9 and -, without aws, amazon or cognito",
      )
      .describe("Prefix of the hosted sign-in page's domain, unique among all accounts in its AWS region."),
    domain: domainName
      .optional()
      .describe(
        "Name of the sign-in page in the zone, one label below domain.api, such as sign-in.api.example.com. Without it the page has the prefix's name only.",
      ),
    callbackUrls: distinct(signInUrl, 1, 100).describe("Exact URLs that the web client returns to after a sign-in."),
    logoutUrls: distinct(signInUrl, 1, 100).describe("Exact URLs that the web client returns to after a sign-out."),
    groups: z
      .record(groupName, group)
      .optional()
      .describe(
        "Groups of people, and which scopes each grants: a person's token has the scopes of their groups and no others. Without groups everyone who signs in may have every scope.",
      ),
    signUp,
    secondFactor: z
      .enum(["off", "optional", "required"])
      .describe("Whether people sign in with an authenticator's code after their password."),
    password,
    mail: mail.optional(),
    product: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9 .-]{0,39}$/, "must be 1-40 of A-Z, a-z, 0-9, space, . and -")
      .optional()
      .describe("Name of the product in messages, which then have texts of their own. Needs mail.sender ses."),
    codeByMail: z
      .boolean()
      .describe(
        "Whether people may sign in by a code that is mailed to them, instead of their password. Needs mail.sender ses, product, and no second factor. The hosted page does not offer it; an application does, by the SDK.",
      ),
    recordSignIns: z.boolean().describe("Whether each sign-in is recorded in a log: which user, at which client."),
  })
  .describe("The hosted sign-in page, its clients, and what people may do.");

/** How people sign up and in. */
export type SignInConfig = z.output<typeof signInSchema>;
