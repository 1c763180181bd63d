import { lambdaHandler } from "../kit/lambda";
import { createApp } from "./app";
import { petStore } from "./contract";

/** Handler of the Lambda function. */
export const handler = lambdaHandler(petStore.name, createApp);
