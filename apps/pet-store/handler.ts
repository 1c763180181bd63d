import { lambdaHandler } from "../kit/lambda";
import { createApp } from "./app";
import { petStore } from "./contract";

export const handler = lambdaHandler(petStore.name, createApp);
