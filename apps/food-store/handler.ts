import { lambdaHandler } from "../kit/lambda";
import { createApp } from "./app";
import { foodStore } from "./contract";

/** Handler of the Lambda function. */
export const handler = lambdaHandler(foodStore.name, createApp);
