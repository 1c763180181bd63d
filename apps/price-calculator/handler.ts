import { lambdaHandlers } from "../kit/lambda";
import { createApp } from "./app";
import { priceCalculator } from "./contract";

/** Handlers of the Lambda functions. */
export const { handler, streamingHandler } = lambdaHandlers(priceCalculator.name, createApp);
