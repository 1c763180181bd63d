import type { App, AppDependencies, AppFactory } from "../app";
import type { Service } from "../contract";
import type { ServiceCalls } from "../definition";
import type { Item } from "../repository";
import { type EnvironmentVariables, NO_PRIVATE_API, requiredVariable } from "../settings";
import { type Calls, createCalls, missingCalls } from "./client";
import { roleSigner } from "./signing";

/** What the app of a service that calls others is given by its adapter. */
export interface CallDependencies<T extends Item, OwnCalls> extends AppDependencies<T> {
  readonly calls: OwnCalls;
}

/** The part of a caller's contract that says what it calls. */
interface Caller<Declared extends ServiceCalls> {
  readonly name: string;
  readonly calls: Declared;
}

/**
 * Gives the app of a service the functions by which it calls others, at the private API that the environment variable
 * PRIVATE_API_URL names. With `none` there is no such API, and every call fails with 503 `dependency_unavailable`. Only
 * services that call this contain the signer.
 * @param caller  contract of the service
 * @param callees  contracts of the services that it calls, by name
 * @throws {Error} one sentence when PRIVATE_API_URL or AWS_REGION is missing, as soon as the adapter makes the app
 * @example serve(priceCalculator.name, withCalls(priceCalculator, { "food-store": foodStore }, createApp));
 */
export function withCalls<
  T extends Item,
  const Declared extends ServiceCalls,
  Callees extends Readonly<Record<string, Service>>,
>(
  caller: Caller<Declared>,
  callees: Callees,
  createApp: (dependencies: CallDependencies<T, Calls<Declared, Callees>>) => App,
  env: EnvironmentVariables = process.env,
): AppFactory<T> {
  const required = (name: string) => requiredVariable(caller.name, env, name);
  return (dependencies) => {
    const baseUrl = required("PRIVATE_API_URL");
    if (baseUrl === NO_PRIVATE_API) return createApp({ ...dependencies, calls: missingCalls(caller.calls) });
    const sign = roleSigner(required("AWS_REGION"));
    return createApp({ ...dependencies, calls: createCalls({ declared: caller.calls, callees, baseUrl, sign }) });
  };
}
