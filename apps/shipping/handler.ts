import { withIdempotency } from "../kit/idempotency";
import { withTables } from "../kit/key-table";
import { lambdaHandlers } from "../kit/lambda";
import { withOwnSettings } from "../kit/own-settings";
import { createApp } from "./app";
import { shipping, shippingTables } from "./contract";

/** Handlers of the Lambda functions. */
export const { handler, streamingHandler } = lambdaHandlers(
  shipping.name,
  withOwnSettings(shipping, withIdempotency(shipping, withTables(shipping.name, shippingTables, createApp))),
);
