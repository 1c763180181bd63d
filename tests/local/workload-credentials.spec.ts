import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { servedBy } from "../../apps/kit/served-by";
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

const zone = "eu-central-1b";

/** A program that shows what the kit in Python finds out. */
const inPython = `
import os
from platform_kit.served_by import HEADER, ServedBy
served = ServedBy(os.environ)
served.wait()
print(served.header().get(HEADER))`;

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
    const env = { PATH: process.env["PATH"], ...sdkVariables, ...credentials.variables({ role }, zone), ...more };
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
      credentials.variables({ role: uses.container }, zone);
    const ask = async (headers: Record<string, string>) => (await fetch(url, { headers })).status;
    assert.equal(await ask({ authorization: token }), 200);
    assert.deepEqual([await ask({}), await ask({ authorization: "another" })], [404, 404]);
  });

  it("are given to an instance for a token of version 2 only, and to no proxy", async () => {
    const { AWS_EC2_METADATA_SERVICE_ENDPOINT: url = "" } = credentials.variables({ role: uses.instance }, zone);
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

  /** What the kit says of the place, in each language. */
  async function places(variables: Record<string, string>): Promise<(string | undefined)[]> {
    const env = { PATH: process.env["PATH"] ?? "", AWS_REGION: "eu-central-1", ...variables };
    const { value, known } = servedBy(env);
    await known;
    const cwd = join(projectRoot, "apps/kit-python");
    const { stdout } = await promisify(execFile)("python3", ["-c", inPython], { env, cwd });
    return [value(), stdout.trim()];
  }

  for (const [by, role] of Object.entries(uses)) {
    it(`come with the place where it runs, which services in both languages say: of a ${by}`, async () => {
      const shown = by === "function" ? "euc1-az2" : zone;
      const [here, there] = await places(credentials.variables({ role }, zone));
      const [, server] = /^region=eu-central-1, zone=\S+, server=([0-9a-f]{8})$/.exec(here ?? "") ?? [];
      assert.equal(here, `region=eu-central-1, zone=${shown}, server=${server}`);
      assert.equal(there, here);
    });
  }

  it("leave a place out that AWS does not say, or says in another form", async () => {
    const unreachable = "http://127.0.0.1:9";
    const region = "region=eu-central-1";
    assert.deepEqual(await places({ AWS_EC2_METADATA_DISABLED: "true" }), [region, region]);
    assert.deepEqual(await places({ AWS_EC2_METADATA_SERVICE_ENDPOINT: unreachable }), [region, region]);
    assert.deepEqual(await places({ ECS_CONTAINER_METADATA_URI_V4: unreachable }), [region, region]);
    const stream = { AWS_LAMBDA_LOG_STREAM_NAME: `2026/11/28/[7]${"4f21ab98".repeat(4)}` };
    const known = `${region}, server=4f21ab98`;
    assert.deepEqual(await places(stream), [known, known]);
    assert.deepEqual(await places({ ...stream, AWS_LAMBDA_METADATA_API: "127.0.0.1:9" }), [known, known]);
    for (const [told, shown] of [
      ['{"TaskARN":"arn:aws:ecs:eu-central-1:123456789012:task/services/4f21ab984f21ab98"}', known],
      [`{"AvailabilityZone":"${zone}"}`, `${region}, zone=${zone}`],
      ["[]", region],
    ]) {
      const ecs = createServer((_, answer) => void answer.end(told)).listen(0, "127.0.0.1");
      await once(ecs, "listening");
      const { port } = ecs.address() as AddressInfo;
      const said = await places({ ECS_CONTAINER_METADATA_URI_V4: `http://127.0.0.1:${port}` });
      ecs.close();
      assert.deepEqual(said, [shown, shown], told);
    }
    assert.deepEqual(await places({ AWS_REGION: "a, b\r\nc", AWS_EC2_METADATA_DISABLED: "true" }), [undefined, "None"]);
  });
});
