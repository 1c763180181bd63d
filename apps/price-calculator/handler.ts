import { withCalls } from "../kit/calls/with-calls";
import { withIdempotency } from "../kit/idempotency";
import { lambdaHandlers } from "../kit/lambda";
import { withSessions } from "../kit/session-store";
import { createApp } from "./app";
import { priceCalculator } from "./contract";
import { withPrices } from "./price-cache";
import { callees } from "./prices";

/** Handlers of the Lambda functions. */
export const { handler, streamingHandler } = lambdaHandlers(
  priceCalculator.name,
  withCalls(
    priceCalculator,
    callees,
    withIdempotency(priceCalculator, withSessions(priceCalculator, withPrices(createApp))),
  ),
);
