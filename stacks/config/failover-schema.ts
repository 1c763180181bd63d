import { z } from "zod";
import { count } from "./count";
import { domainName } from "./formats";

/** Schema of what moves an environment's names to the other region. */
export const failoverSchema = z
  .strictObject({
    atLeast: count(
      1,
      100,
      "Critical services of each gateway that must be healthy, at least, for its name to stay with a region. Without it all of them must be.",
    ).optional(),
  })
  .describe("When the names of the gateways move to the other region.");

/** Schema of the keys by which a service takes part in failover. */
export const failoverKeys = {
  critical: z
    .boolean()
    .describe(
      "Whether the service moves the region: the names of its gateways fail over when it is ill in its region.",
    ),
  failoverName: domainName
    .optional()
    .describe(
      "Name of the service's own, inside the zone, of 64 characters at most, which moves to the other region by the health of this service alone. It leads to the HTTP API if that has the service, else to the REST API.",
    ),
};
