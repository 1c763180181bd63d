import { z } from "zod";

/** Headers that mean something to a gateway, a service or what is between them. */
const taken =
  /^(authorization|connection|content-.*|cookie|expect|forwarded|host|idempotency-key|keep-alive|origin|te|trailer|transfer-encoding|traceparent|upgrade|via|x-api-key|x-forwarded-.*|x-request-id|x-subject|x-tenant-id|x-amz.*|x-amzn.*|apigw-.*|access-control-.*|proxy-.*|sec-.*)$/;

const header = z
  .string()
  .max(64)
  .regex(/^[a-z][a-z0-9-]*$/, "must be the name of a header in lower case, such as x-auth-token")
  .refine((name) => !taken.test(name), "must be a header that has no other use");

/** Schema of the headers that clients of an existing gateway send. */
export const formerHeadersSchema = z
  .strictObject({
    authorization: header.optional().describe("Header with the token, with or without Bearer before it."),
    "idempotency-key": header.optional().describe("Header with the idempotency key."),
  })
  .optional()
  .describe(
    "Headers that requests to a formerPath have in place of the platform's: authorization: x-auth-token. Without it they have the platform's.",
  );

/** The headers of an existing gateway's clients. */
export type FormerHeaders = NonNullable<z.output<typeof formerHeadersSchema>>;
