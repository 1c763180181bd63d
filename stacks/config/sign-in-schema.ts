import { z } from "zod";
import { distinct, signInUrl } from "./formats";

const groupName = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/, "must be 1-64 of a-z, 0-9 and inner hyphens");
const scopeName = z.string().regex(/^[\w.-]+\/[\w.-]+$/, "must be a scope <service>/<scope> such as food-store/write");

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
  })
  .describe("Who may sign up, and what a person may do who just has.");

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
    callbackUrls: distinct(signInUrl, 1, 100).describe("Exact URLs that the web client returns to after a sign-in."),
    logoutUrls: distinct(signInUrl, 1, 100).describe("Exact URLs that the web client returns to after a sign-out."),
    groups: z
      .record(groupName, group)
      .optional()
      .describe(
        "Groups of people, and which scopes each grants: a person's token has the scopes of their groups and no others. Without groups everyone who signs in may have every scope.",
      ),
    signUp,
  })
  .describe("The hosted sign-in page, its clients, and what people may do.");

/** How people sign up and in. */
export type SignInConfig = z.output<typeof signInSchema>;
