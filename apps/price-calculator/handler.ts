import { lambdaHandler } from "../kit/lambda";
import { createApp } from "./app";
import { priceCalculator } from "./contract";

export const handler = lambdaHandler(priceCalculator.name, createApp);
