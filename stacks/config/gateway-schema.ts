import { z } from "zod";
import { restQuotas } from "../../infra/gateway/quotas";
import { count } from "./count";
import { distinct, domainName } from "./formats";
import { outsideCallersSchema } from "./outside-caller-schema";
import { wafSchema } from "./waf-schema";

/** @see https://docs.aws.amazon.com/apigateway/latest/api/API_CreateStage.html cacheClusterSize */
const cacheSizes = [0.5, 1.6, 6.1, 13.5, 28.4, 58.2, 118, 237];

const gatewayServices = distinct(z.string(), 1, 100).describe("Names of the services that it leads to.");

/** Schema of the gateways of an environment. */
export const gatewaysSchema = z
  .strictObject({
    http: z
      .strictObject({ services: gatewayServices })
      .describe("The HTTP API, at the name domain.api. It costs a third of a REST API."),
    rest: z
      .strictObject({
        services: gatewayServices,
        domain: domainName.describe(
          "Name that clients of the REST API call, inside the zone, of 64 characters at most.",
        ),
        cache: z
          .strictObject({
            gigabytes: z
              .number()
              .refine((size) => cacheSizes.includes(size), `must be one of ${cacheSizes.join(", ")}`)
              .meta({ enum: cacheSizes })
              .describe("Size of the cache; it costs by the hour, in each region."),
            seconds: count(1, restQuotas.cacheSeconds.value, "Seconds that an answer is kept."),
          })
          .optional()
          .describe(
            "Cache of answers to GET requests: of each tenant apart; without tenants, of routes that need no token. Health checks, legacy routes and streams are never kept. Without it there is none.",
          ),
        waf: wafSchema("Web application firewall of the REST API: AWS's managed rules and a limit by address"),
        stages: distinct(z.string().regex(/^[a-z][a-z0-9]{0,7}$/, "must be 1-8 lower-case letters and digits"), 1, 9)
          .optional()
          .describe(
            "More stages of the REST API, each below a base path of its name: v2 is at /v2. They serve the same routes, with limits, logs and an alarm of their own. Without it there is one.",
          ),
      })
      .optional()
      .describe("A REST API: request models, tenants, a cache. Without it there is none."),
    private: z
      .strictObject({
        name: z
          .string()
          .regex(/^[a-z]([a-z0-9-]{0,30}[a-z0-9])?$/, "must be 1-32 lower-case letters, digits and inner hyphens")
          .describe("First label of its name in the zone, such as internal.dev.example.com."),
        callers: outsideCallersSchema,
      })
      .describe(
        "The private API, through which services call each other inside the VPC. It is made where a service calls another; its endpoint costs by the hour and zone.",
      ),
  })
  .describe("Gateways in front of the services. A service may be on several.");
