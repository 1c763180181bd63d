import { lambdaHandler } from "../kit/lambda";
import { createApp } from "./app";
import { shipping } from "./contract";

export const handler = lambdaHandler(shipping.name, createApp);
