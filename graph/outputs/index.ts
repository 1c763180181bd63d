import type { ProviderAnswer } from "../monitor";
import { Request } from "./answer";
import { computeAnswers } from "./compute";
import { edgeAnswers } from "./edge";
import { networkAnswers } from "./network";
import { stateAnswers } from "./state";

/*
 * The outputs AWS would add to each type this program uses. An output that is not here stays unknown and makes the
 * plan fail where it is used.
 */
const answers = { ...networkAnswers, ...stateAnswers, ...computeAnswers, ...edgeAnswers };

/** Plays the provider: the id and outputs of a resource that is being created. */
export function answerFor(resource: {
  type: string;
  name: string;
  inputs: Record<string, any>;
  region?: string;
}): ProviderAnswer {
  const answer = answers[resource.type];
  if (answer === undefined) return { outputs: {} };
  const request = new Request(resource.type, resource.name, resource.inputs, resource.region ?? "us-east-1");
  const { id, ...outputs } = answer(request) as { id?: string };
  return id === undefined ? { outputs } : { id, outputs };
}
