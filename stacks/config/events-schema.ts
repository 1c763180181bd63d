import { z } from "zod";
import { changeKinds } from "../../apps/kit/definition";
import { emails, issuerUrl } from "./formats";

const about = {
  service: z.string().describe("Service that publishes the changes of its items."),
  kinds: z
    .array(z.enum(changeKinds))
    .min(1)
    .max(changeKinds.length)
    .optional()
    .describe("Kinds of changes that are sent. All by default."),
};

/** Schema of who outside the platform is told of changes. */
export const eventsSchema = z
  .strictObject({
    subscribers: z
      .array(
        z.strictObject({
          ...about,
          url: issuerUrl.describe(
            "Endpoint that takes the signed messages of Amazon SNS by POST, and confirms its subscription once in each region.",
          ),
        }),
      )
      .max(20)
      .describe("Programs that get the signed messages of Amazon SNS by HTTPS."),
    emails: z
      .array(z.strictObject({ ...about, addresses: emails.min(1).describe("Each must confirm once in each region.") }))
      .max(20)
      .describe("People who get an e-mail for each change."),
  })
  .describe("Who outside the platform is told of changes of items: programs by HTTPS, people by e-mail.");
