import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { projectRoot } from "../../graph/project-root";
import { sdkVariables } from "../../local/storage";
import { RoleSessions } from "../../local/sts/role-sessions";
import { type RoleUse, WorkloadCredentials } from "../../local/workload-credentials";

const names = ["task", "server", "function"];
const roles = names.map((name) => ({
  ...{ arn: `arn:aws:iam::123456789012:role/${name}`, name, account: "123456789012", identity: [] },
}));
const uses: Readonly<Record<RoleUse["by"], RoleUse>> = {
  container: { roleArn: roles[0]!.arn, by: "container" },
  instance: { roleArn: roles[1]!.arn, by: "instance" },
  function: { roleArn: roles[2]!.arn, by: "function" },
};

/** A program that shows what the AWS SDK finds by its usual ways. */
const program = `
require("@aws-sdk/credential-provider-node").defaultProvider({ maxRetries: 0 })().then(
  (found) => console.log(JSON.stringify(found)),
  (error) => console.log(JSON.stringify({ error: error.name })));`;

describe("credentials of what runs", () => {
  const sessions = new RoleSessions(roles);
  const unplanned: RoleUse = { roleArn: "arn:aws:iam::123456789012:role/another", by: "instance" };
  const workloads = [...Object.values(uses), unplanned].map((role) => ({ role }));
  let credentials: WorkloadCredentials;

  beforeEach(async () => {
    credentials = new WorkloadCredentials(workloads, sessions);
    await credentials.start();
  });
  afterEach(() => credentials.stop());

  async function found(role: RoleUse | undefined, more: Record<string, string> = {}): Promise<any> {
    const env = { PATH: process.env["PATH"], ...sdkVariables, ...credentials.variables({ role }), ...more };
    const { stdout } = await promisify(execFile)(process.execPath, ["-e", program], { env, cwd: projectRoot });
    return JSON.parse(stdout);
  }

  for (const [by, use] of Object.entries(uses)) {
    it(`are found by the AWS SDK as on AWS: of a ${by}`, async () => {
      const { accessKeyId, secretAccessKey, sessionToken } = await found(use);
      const known = sessions.find(accessKeyId);
      assert.equal(known?.caller.kind === "session" && known.caller.role, use.roleArn);
      assert.deepEqual([secretAccessKey, sessionToken], [known?.secretAccessKey, known?.sessionToken]);
    });
  }

  it("end, so that the SDK asks again", async () => {
    const { expiration } = await found(uses.container);
    const hours = (Date.parse(expiration) - Date.now()) / 3_600_000;
    assert.ok(hours > 5.9 && hours <= 6, expiration);
  });

  it("are none without a role, and for one that is not planned", async () => {
    assert.equal((await found(undefined)).error, "CredentialsProviderError");
    assert.equal((await found(unplanned)).error, "CredentialsProviderError");
  });

  it("are given to a container for its own token only", async () => {
    const { AWS_CONTAINER_CREDENTIALS_FULL_URI: url = "", AWS_CONTAINER_AUTHORIZATION_TOKEN: token = "" } =
      credentials.variables({ role: uses.container });
    const ask = async (headers: Record<string, string>) => (await fetch(url, { headers })).status;
    assert.equal(await ask({ authorization: token }), 200);
    assert.deepEqual([await ask({}), await ask({ authorization: "another" })], [404, 404]);
  });

  it("are given to an instance for a token of version 2 only, and to no proxy", async () => {
    const { AWS_EC2_METADATA_SERVICE_ENDPOINT: url = "" } = credentials.variables({ role: uses.instance });
    const path = "/latest/meta-data/iam/security-credentials/";
    const put = (headers: Record<string, string>) => fetch(`${url}/latest/api/token`, { method: "PUT", headers });
    assert.equal((await fetch(`${url}${path}`)).status, 401);
    const lifetime = "x-aws-ec2-metadata-token-ttl-seconds";
    assert.deepEqual(
      await Promise.all(
        ["", "0", "21601"].map(async (seconds) => (await put(seconds ? { [lifetime]: seconds } : {})).status),
      ),
      [400, 400, 400],
    );
    assert.equal((await put({ [lifetime]: "60", "x-forwarded-for": "192.0.2.1" })).status, 403);
    const token = await (await put({ [lifetime]: "60" })).text();
    const get = (where: string) => fetch(`${url}${where}`, { headers: { "x-aws-ec2-metadata-token": token } });
    assert.equal(await (await get(path)).text(), "server");
    assert.equal((await get(`${path}another`)).status, 404);
    assert.equal((await get(`${path}server`)).status, 200);
  });
});
