import { lambdaHandlers } from "../kit/lambda";
import { withBucket } from "../kit/objects";
import { createApp } from "./app";
import { petStore } from "./contract";

/** Handlers of the Lambda functions. */
export const { handler, streamingHandler } = lambdaHandlers(petStore.name, withBucket(petStore.name, createApp));
