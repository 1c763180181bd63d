import type { JsonSchema } from "../../apps/kit/openapi";
import { servedByHeader } from "../../apps/kit/served-by";

/** The component of the header by which a service says who answered. */
export const servedByComponents = {
  headers: {
    ServedBy: {
      description: "Who answered: its region, its zone and its server, as far as they are known",
      schema: { type: "string", example: "region=eu-west-1, zone=eu-west-1a, server=4f21ab98" },
    },
  },
};

/** Returns a response of a service with the header that says who answered. */
export function withServedBy(response: JsonSchema): JsonSchema {
  const headers = {
    ...(response["headers"] as JsonSchema),
    [servedByHeader]: { $ref: "#/components/headers/ServedBy" },
  };
  return { ...response, headers };
}
