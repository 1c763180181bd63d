import type { PlannedResource } from "../../graph/model";
import { unsupported } from "../unsupported";
import { AwsError } from "./aws-error";

/**
 * Returns the attributes of a planned resource as an API takes them: texts, without what is not set.
 * @param names  names in the API by the property of the resource
 */
export function plannedAttributes(
  { outputs }: PlannedResource,
  names: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const given = Object.entries(names).flatMap(([property, name]) => {
    const value = outputs[property];
    return value === undefined || value === "" ? [] : [[name, attributeText(value)] as const];
  });
  return Object.fromEntries(given);
}

/** Returns the value of an attribute as text, documents as JSON. */
export function attributeText(value: unknown): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** Makes what is planned. @param service  as the error names it @throws {UserError} on a setting that the service refuses */
export function madeAsPlanned(service: string, planned: PlannedResource, make: () => unknown): void {
  try {
    make();
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const name = planned.outputs["name"] ?? planned.name;
    unsupported(planned, "settings", `as ${service} takes them (${error.message})`, name);
  }
}
