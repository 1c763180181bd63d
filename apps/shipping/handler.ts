import { withIdempotency } from "../kit/idempotency";
import { lambdaHandlers } from "../kit/lambda";
import { withOwnSettings } from "../kit/own-settings";
import { createApp } from "./app";
import { shipping } from "./contract";

/** Handlers of the Lambda functions. */
export const { handler, streamingHandler } = lambdaHandlers(
  shipping.name,
  withOwnSettings(shipping, withIdempotency(shipping, createApp)),
);
