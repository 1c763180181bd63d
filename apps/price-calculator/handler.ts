import { lambdaHandler } from "../kit/lambda";
import { createApp } from "./app";
import { priceCalculator } from "./contract";

/** Handler of the Lambda function. */
export const handler = lambdaHandler(priceCalculator.name, createApp);
