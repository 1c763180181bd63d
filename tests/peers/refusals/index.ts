import type { Refusal } from "../refusal";
import { compute } from "./compute";
import { edge, network, privateApi } from "./edge-network";
import { iam } from "./iam";
import { state } from "./state";

/** Every answer to a finding on dev or prod, by the part of the platform that it concerns. */
export const refusals: Readonly<Record<string, readonly Refusal[]>> = {
  Edge: edge,
  "Private API": privateApi,
  Network: network,
  Compute: compute,
  "State and logs": state,
  Roles: iam,
};
