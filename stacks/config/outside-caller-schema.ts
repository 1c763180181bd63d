import { z } from "zod";
import { distinct, regionName } from "./formats";

const caller = z.strictObject({
  role: z
    .string()
    .max(600)
    .regex(
      /^arn:aws:iam::\d{12}:role\/([\w+=,.@-]+\/)*[\w+=,.@-]{1,64}$/,
      "must be the ARN of one role such as arn:aws:iam::444455556666:role/billing",
    )
    .describe("Role that its requests are signed as. It must exist: AWS refuses a policy that names another."),
  endpoints: z
    .record(
      regionName,
      z
        .string()
        .regex(
          /^vpce-([0-9a-f]{8}|[0-9a-f]{17})$/,
          "must be a VPC endpoint such as vpce-0123456789abcdef0, with 8 or 17 hex digits",
        ),
    )
    .refine((endpoints) => Object.keys(endpoints).length > 0, "must have a region")
    .describe("Its own VPC endpoint for execute-api by region: eu-west-1: vpce-0123456789abcdef0."),
  routes: z
    .record(z.string(), distinct(z.string(), 1, 100))
    .refine((routes) => Object.keys(routes).length > 0, "must have a service")
    .describe("Ids of the routes that it may request, by service."),
});

/** Schema of the callers of the private API that are no services of the platform. */
export const outsideCallersSchema = z
  .record(z.string(), caller)
  .optional()
  .describe(
    "Callers from another account or VPC, by a name of yours: each by its role and its endpoint. Without it only services call each other.",
  );
