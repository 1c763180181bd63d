// The SDK is part of the Lambda runtime.
import { CodeDeployClient, CreateDeploymentCommand } from "@aws-sdk/client-codedeploy";
import { GetAliasCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { startRelease } from "./release.mjs";

const functions = new LambdaClient({});
const deployments = new CodeDeployClient({});

/** @param {import("./release.mjs").Release} release */
export function handler(release) {
  return startRelease(release, {
    async aliasVersion(functionName, alias) {
      const answer = await functions.send(new GetAliasCommand({ FunctionName: functionName, Name: alias }));
      return answer.FunctionVersion;
    },
    async createDeployment(application, group, appSpec) {
      const answer = await deployments.send(
        new CreateDeploymentCommand({
          applicationName: application,
          deploymentGroupName: group,
          revision: { revisionType: "AppSpecContent", appSpecContent: { content: appSpec } },
        }),
      );
      return answer.deploymentId;
    },
  });
}
