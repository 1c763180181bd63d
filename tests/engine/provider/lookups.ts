import { lookupAnswers } from "../../../graph/outputs/lookups";
import type { Cloud } from "./cloud";
import { misfits } from "./shapes";
import type { Properties } from "./values";

/**
 * Answers a function of the provider: with the plan's stand-in, as long as the cloud has what is asked for.
 * @throws {Error} in the provider's words, when it has not, or the SDK's declarations do not take the arguments
 */
export function lookUp(cloud: Cloud, region: string, token: string, args: Properties): Properties {
  const answer = lookupAnswers[token];
  if (answer === undefined) throw new Error(`${token} is not in graph/outputs/lookups.ts`);
  // aws:ec2/getAmi:getAmi takes GetAmiArgs.
  const [problem] = misfits(
    token.replace(/:get(\w+)$/, (_, name: string) => `:Get${name}`),
    args,
  );
  if (problem) throw new Error(problem.reason);
  try {
    const found = answer(token === "aws:ec2/getAmi:getAmi" ? named(cloud.images.find(args)) : args, region);
    return { ...found, ...known(cloud, token, args), ...cloud.lookups[token] };
  } catch (error) {
    throw new Error(`invoking ${token}: 1 error occurred:\n\t* ${(error as Error).message}\n\n`);
  }
}

/** What the cloud knows that the plan's stand-in does not: tags of images that were pushed. */
function known(cloud: Cloud, token: string, { repositoryName }: Properties): Properties {
  if (token !== "aws:ecr/getImages:getImages") return {};
  const tags = cloud.containerImages.tagsIn(repositoryName);
  return { imageIds: tags.map((imageTag) => ({ imageTag, imageDigest: `sha256:${imageTag}` })) };
}

const named = (name: string) => ({ filters: [{ name: "name", values: [name] }] });
