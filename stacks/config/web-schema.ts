import { z } from "zod";
import { domainName } from "./formats";
import { wafSchema } from "./waf-schema";

/** Schema of the web app of an environment. */
export const webSchema = z
  .strictObject({
    domain: domainName.describe(
      "Name of the web app, inside the zone, of 64 characters at most. Its origin is one of cors.origins, and the sign-in page returns to it.",
    ),
    waf: wafSchema("Web application firewall of the web app: AWS's managed rules and a limit by address"),
  })
  .optional()
  .describe(
    "The web app in which people try the services, from private buckets behind CloudFront. It costs by request. Without it there is none.",
  );
