import { lambdaHandlers } from "../kit/lambda";
import { createApp } from "./app";
import { foodStore } from "./contract";

/** Handlers of the Lambda functions. */
export const { handler, streamingHandler } = lambdaHandlers(foodStore.name, createApp);
