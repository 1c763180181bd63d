/**
 * Starts the deployment that moves an alias to a version, unless it is there already.
 *
 * @typedef {{ functionName: string, alias: string, version: string, application: string, group: string }} Release
 * @typedef {{
 *   aliasVersion(functionName: string, alias: string): Promise<string>,
 *   createDeployment(application: string, group: string, appSpec: string): Promise<string>,
 * }} Cloud
 * @param {Release} release
 * @param {Cloud} cloud
 * @returns {Promise<{ deploymentId: string | null }>} null when there was nothing to do
 */
export async function startRelease({ functionName, alias, version, application, group }, cloud) {
  const current = await cloud.aliasVersion(functionName, alias);
  if (current === version) return { deploymentId: null };
  const appSpec = JSON.stringify({
    // A string: as a number it would become 0 in JSON.
    version: "0.0",
    Resources: [
      {
        [alias]: {
          Type: "AWS::Lambda::Function",
          Properties: { Name: functionName, Alias: alias, CurrentVersion: current, TargetVersion: version },
        },
      },
    ],
  });
  return { deploymentId: await cloud.createDeployment(application, group, appSpec) };
}
