import { lambdaHandler } from "../kit/lambda";
import { withBucket } from "../kit/objects";
import { createApp } from "./app";
import { petStore } from "./contract";

/** Handler of the Lambda function. */
export const handler = lambdaHandler(petStore.name, withBucket(petStore.name, createApp));
