import type { Environment } from "./rule";

/** `prod`, `prod-compute.eu-west-1`, `production`, `live`: everything else is development. */
export function environmentOf(stack: string): Environment {
  return /(^|[-_.])(prod|prd|production|live)([-_.]|$)/i.test(stack) ? "prod" : "dev";
}

/** The stack's name is the third part of every URN. */
export function stackOfUrn(urn: string): string {
  return urn.split("::")[0]?.split(":")[2] ?? "";
}
