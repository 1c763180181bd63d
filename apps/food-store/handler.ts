import { lambdaHandler } from "../kit/lambda";
import { createApp } from "./app";
import { foodStore } from "./contract";

export const handler = lambdaHandler(foodStore.name, createApp);
