import { APIGatewayClient } from "@aws-sdk/client-api-gateway";
import { createLogger, describeError } from "../kit/log";
import { answerUsage, type UsageAnswer, type UsageEvent } from "./answer";
import { figureTable } from "./figure-table";
import { usageSettings } from "./settings";
import { usageOfPlans } from "./usage-plans";

const { table, environment, corsOrigins } = usageSettings(process.env);
const log = createLogger({ service: "tenant-usage" });
const gateway = new APIGatewayClient({
  maxAttempts: 2,
  // Three calls of it end within the 9 s that the function has.
  requestHandler: { connectionTimeout: 500, requestTimeout: 1_000, throwOnRequestTimeout: true },
});
const parts = {
  corsOrigins,
  figures: figureTable(table),
  ask: usageOfPlans(gateway, environment),
  onFailure: (error: unknown) => log.error("API Gateway did not answer how much is used", describeError(error)),
};

/** Handler of the route by which a tenant learns its limits and how much of its quota is used (REST API, Lambda proxy). */
export const handler = (event: UsageEvent): Promise<UsageAnswer> => answerUsage(parts, event);
