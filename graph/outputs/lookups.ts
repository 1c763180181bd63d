import { createHash } from "node:crypto";

/** Answers a call of a provider's function as the provider of a region would. @throws {Error} when it finds nothing */
export type LookupAnswer = (args: Readonly<Record<string, any>>, region: string) => Record<string, any>;

/** Platforms that Beanstalk offers, as its API lists them: the newest first. */
const solutionStacks = [
  "64bit Amazon Linux 2023 v6.7.1 running Node.js 24",
  "64bit Amazon Linux 2023 v6.7.1 running Node.js 22",
  "64bit Amazon Linux 2023 v6.7.1 running Node.js 20",
  "64bit Amazon Linux 2023 v6.6.2 running Node.js 22",
  "64bit Amazon Linux 2023 v4.7.1 running Python 3.13",
];

/**
 * Stand-ins for what only AWS knows, by the token of the provider's function that a program may call. A plan has no
 * account: these values have the right form and depend on the arguments and the region alone, but no such image exists.
 * A function that is not listed is refused.
 */
export const lookupAnswers: Readonly<Record<string, LookupAnswer>> = {
  "aws:ec2/getAmi:getAmi": ({ filters }, region) => {
    const name: string = filters?.find((filter: { name: string }) => filter.name === "name")?.values[0] ?? "image";
    return { id: `ami-${createHash("sha256").update(`${region} ${name}`).digest("hex").slice(0, 17)}`, name };
  },
  // A plan pushes no image.
  "aws:ecr/getAuthorizationToken:getAuthorizationToken": ({ registryId = "123456789012" }, region) => ({
    ...{ id: region, region, registryId, userName: "AWS", password: "unknown to a plan" },
    ...{ authorizationToken: "unknown to a plan", expiresAt: "" },
    proxyEndpoint: `https://${registryId}.dkr.ecr.${region}.amazonaws.com`,
  }),
  // A plan is a first deployment: no image has been pushed.
  "aws:ecr/getImages:getImages": ({ repositoryName }, region) => ({ repositoryName, region, imageIds: [] }),
  // A plan reads no secret.
  "aws:ssm/getParameter:getParameter": ({ name }, region) => ({
    ...{ id: name, name, region, type: "SecureString", version: 1, withDecryption: true },
    arn: `arn:aws:ssm:${region}:123456789012:parameter${name}`,
    value: "unknown to a plan",
    insecureValue: "",
  }),
  "aws:elasticbeanstalk/getSolutionStack:getSolutionStack": (args) => {
    const found = solutionStacks.filter((stack) => new RegExp(args["nameRegex"]).test(stack));
    if (found[0] === undefined || (found.length > 1 && args["mostRecent"] !== true)) {
      throw new Error(
        `getSolutionStack must match one platform, or some and take the newest, got ${found.length} for ${args["nameRegex"]}; change nameRegex or mostRecent`,
      );
    }
    return { ...args, id: found[0], name: found[0] };
  },
};
