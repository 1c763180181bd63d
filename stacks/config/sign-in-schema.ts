import { z } from "zod";
import { count } from "./count";
import { distinct, domainName, emailAddress, httpsUrl, signInUrl } from "./formats";
import { mostUrls } from "./urls";

const groupName = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/, "must be 1-64 of a-z, 0-9 and inner hyphens");
const scopeName = z.string().regex(/^[\w.-]+\/[\w.-]+$/, "must be a scope <service>/<scope> such as food-store/write");

const tenantName = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/, "must be the name of a tenant, 1-64 of a-z, 0-9 and inner hyphens");

const group = z.strictObject({
  scopes: z
    .union([z.literal("all"), distinct(scopeName, 0, 50)], "must be all, or a list such as [food-store/write]")
    .describe(
      "Scopes of services that people of the group may have, such as food-store/write; all are those of every service.",
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

const nativeUrl = z
  .string()
  .max(1024)
  .regex(
    /^(?!https?:|javascript:|data:|file:)[a-z][a-z0-9+-]*(\.[a-z0-9+-]+)+:\/{1,2}[\w./-]+$/,
    "must be a URL with a scheme of its own that has a dot, such as com.example.app:/signed-in",
  );

const clientId = z
  .string()
  .regex(/^[\w.:-]{1,256}$/, "must be the id that the provider gave the application")
  .describe("Id that the provider gave the application.");
const attributes = z
  .partialRecord(z.enum(["email", "name"]), z.string().min(1).max(256))
  .optional()
  .describe("Claim of the provider by attribute of the pool, where it is another than usual.");
const providerName = z
  .string()
  .regex(
    /^(?!(?:COGNITO|Google|Facebook|SignInWithApple|LoginWithAmazon)$)[A-Za-z][A-Za-z0-9-]{2,31}$/,
    "must be 3-32 of A-Z, a-z, 0-9 and -, beginning with a letter, and no name of Cognito's own",
  );

const providers = z
  .strictObject({
    oidc: z
      .record(
        providerName,
        z.strictObject({
          issuer: httpsUrl.describe("Issuer, whose document names its endpoints."),
          clientId,
          scopes: distinct(z.string().regex(/^[\w.:/-]{1,100}$/, "must be a scope"), 1, 20).describe(
            "Scopes that are asked of it, openid among them.",
          ),
          attributes,
        }),
      )
      .optional()
      .describe("Providers of OpenID Connect, by the name that clients ask for."),
    saml: z
      .record(
        providerName,
        z.strictObject({ metadataUrl: httpsUrl.describe("Where its metadata is, which Cognito reads."), attributes }),
      )
      .optional()
      .describe("Providers of SAML, by the name that clients ask for."),
    google: z.strictObject({ clientId, attributes }).optional().describe("Sign in with Google."),
    amazon: z.strictObject({ clientId, attributes }).optional().describe("Login with Amazon."),
    apple: z
      .strictObject({
        clientId,
        teamId: z
          .string()
          .regex(/^[A-Z0-9]{10}$/, "must be 10 of A-Z and 0-9")
          .describe("Team at Apple."),
        keyId: z
          .string()
          .regex(/^[A-Z0-9]{10}$/, "must be 10 of A-Z and 0-9")
          .describe("Id of the key at Apple."),
        attributes,
      })
      .optional()
      .describe("Sign in with Apple."),
  })
  .describe(
    "Providers with which people may sign in. The secret of each, but of SAML, is in the Parameter Store, by the name /platform/<environment>/sign-in/<NAME>_SECRET, as docs/identity.md says.",
  );

/** Schema of how people sign up and in. */
export const signInSchema = z
  .strictObject({
    regions: z
      .enum(["primary", "each"])
      .describe(
        "Where people sign in. primary: at one user pool, and while its region is gone no token is issued. each: at a user pool in each of the two regions, between which a trigger copies people. Passwords and factors cannot be copied: each needs secondFactor off. docs/sign-in-regions.md says who can sign in how.",
      ),
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
    callbackUrls: distinct(signInUrl, 1, mostUrls.callbackUrls).describe(
      "Exact URLs that the web client returns to after a sign-in.",
    ),
    logoutUrls: distinct(signInUrl, 1, mostUrls.logoutUrls).describe(
      "Exact URLs that the web client returns to after a sign-out.",
    ),
    nativeCallbackUrls: distinct(nativeUrl, 0, 100).describe(
      "URLs of a native application that the sign-in page returns to, by a scheme of its own such as com.example.app:/signed-in. With one there is a client for it, without a secret.",
    ),
    providers,
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
    phone: z
      .strictObject({
        alarmDollars: count(1, 100_000, "US dollars of text messages in a month from which an alarm goes off."),
      })
      .optional()
      .describe(
        "Whether people may give and verify a phone number, by a text message. Once there, Cognito does not let it be removed; docs/identity.md says what AWS asks for first, and what it costs.",
      ),
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
