import { lambdaHandler } from "../kit/lambda";
import { createApp } from "./app";
import { shipping } from "./contract";

/** Handler of the Lambda function. */
export const handler = lambdaHandler(shipping.name, createApp);
