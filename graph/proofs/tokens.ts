import type { PlannedResource } from "../model";

/** Environment variables of a function. */
export function named(inputs: PlannedResource["inputs"]): Readonly<Record<string, unknown>> {
  return inputs["environment"]?.variables ?? {};
}

/** Minutes that access tokens of a client are valid. */
export function minutesOf(inputs: PlannedResource["inputs"]): number {
  const factors: Readonly<Record<string, number>> = { days: 1_440, hours: 60, minutes: 1, seconds: 1 / 60 };
  return (
    Number(inputs["accessTokenValidity"] ?? 1) * (factors[inputs["tokenValidityUnits"]?.accessToken ?? "hours"] ?? 60)
  );
}
