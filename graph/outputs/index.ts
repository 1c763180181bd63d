import type { ProviderAnswer } from "../capture/monitor";
import { computeOutputs } from "./compute";
import { edgeOutputs } from "./edge";
import { identityAndDataOutputs } from "./identity-and-data";
import { networkOutputs } from "./network";
import { NewResource } from "./new-resource";
import { webOutputs } from "./web";

/*
 * The outputs that AWS would add, for each type this program uses. An output that is not listed stays unknown, and the
 * plan fails where it is used.
 */
const outputsByType = {
  ...networkOutputs,
  ...identityAndDataOutputs,
  ...computeOutputs,
  ...edgeOutputs,
  ...webOutputs,
};

/** Returns the id and outputs with which a provider would answer the creation of a resource. */
export function providerAnswer(resource: {
  type: string;
  name: string;
  inputs: Record<string, any>;
  region?: string;
}): ProviderAnswer {
  const outputsOf = outputsByType[resource.type];
  if (outputsOf === undefined) return { outputs: {} };
  const created = new NewResource(resource.type, resource.name, resource.inputs, resource.region ?? "us-east-1");
  const { id, ...outputs } = outputsOf(created) as { id?: string };
  return id === undefined ? { outputs } : { id, outputs };
}
