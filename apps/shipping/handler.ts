import { lambdaHandler } from "../kit/lambda";
import { withOwnSettings } from "../kit/own-settings";
import { createApp } from "./app";
import { shipping } from "./contract";

/** Handler of the Lambda function. */
export const handler = lambdaHandler(shipping.name, withOwnSettings(shipping, createApp));
