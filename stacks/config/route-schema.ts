import { z } from "zod";
import { accountQuotas } from "../../infra/gateway/quotas";
import { count } from "./count";

/** Schema of a limit. */
export const throttleSchema = z.strictObject({
  rate: count(1, accountQuotas.rate.value, "Requests per second."),
  burst: count(1, accountQuotas.burst.value, "Requests at once."),
});

/** Schema of the changes to the routes of one service. */
export const routesSchema = z
  .record(
    z.string(),
    z.strictObject({
      enabled: z.boolean().optional().describe("false takes the route away; not of the health routes."),
      to: z
        .union([
          z.enum(["legacy", "service"]),
          z.strictObject({ service: count(1, 99, "Percent of the callers that the service answers.") }),
        ])
        .optional()
        .describe(
          "Who answers a route that both the service and the endpoint of legacyUrl can: legacy, service, or { service: 10 } for a part of the callers, each of whom stays where it is. Without it legacy.",
        ),
      formerPath: z
        .string()
        .max(200)
        .regex(
          /^\/[\w.~-]+(\/([\w.~-]+|\{\w+\}))*$/,
          "must be a path such as /logistics/v1/shipments/{id}: a word first, then words and whole {parameters}",
        )
        .optional()
        .describe(
          "One more path of the route, which clients of an existing gateway know; with the same parameters as its own.",
        ),
      throttle: throttleSchema
        .optional()
        .describe("Limit instead of the contract's, per region; of the health routes at least rate 5 and burst 20."),
    }),
  )
  .optional()
  .describe("Changes to the routes of the service's contract, by route id.");
