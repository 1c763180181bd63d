import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { request } from "undici";
import { beanstalkHealth, beanstalkHealthPath } from "../../../apps/bundler/beanstalk-health";
import { type RunningPlatform, startPlatform } from "../../../local/platform";
import { standIn } from "../helpers/artifact";
import { addApi, addBalancer, addBeanstalk, addNames, addTable, plan } from "../helpers/program";
import { alive, until } from "../helpers/wait";

/** The grace of 300 s passes in 1.5 s. */
const timeScale = 200;

/** Runs an environment whose artifact has these files too. */
function run(files: Readonly<Record<string, string>>) {
  const artifact = standIn(files);
  const stateDir = mkdtempSync(join(tmpdir(), "state-"));
  let platform: RunningPlatform;

  before(async () => {
    const { graph } = await plan(artifact.folder, (region) => {
      addTable(region);
      const { listener, host } = addBeanstalk(region, addBalancer(region));
      const api = addApi(region, { named: { server: listener.arn, host }, unnamed: { server: listener.arn } });
      addNames(region, api.id);
    });
    platform = await startPlatform({ graph, stateDir, timeScale, log: () => {} });
  });

  after(async () => {
    await platform?.stop();
    artifact.remove();
    rmSync(stateDir, { recursive: true, force: true });
  });

  const pids = () => platform.state().workloads.flatMap(({ servers }) => servers.map(({ pid }) => pid!));
  return {
    pids,
    /** Stops every server without ending it: its connections are accepted and never answered. */
    hang(): readonly number[] {
      const hanging = pids();
      for (const pid of hanging) process.kill(pid, "SIGSTOP");
      return hanging;
    },
    async get(path: string) {
      const { statusCode, body } = await request(`${platform.endpoints.global}${path}`);
      return { status: statusCode, text: await body.text() };
    },
    healths: () => platform.state().workloads.flatMap(({ servers }) => servers.map(({ health }) => health)),
  };
}

describe("a Beanstalk environment on a shared balancer", () => {
  const { get, hang, healths, pids } = run({ [beanstalkHealthPath]: beanstalkHealth });

  it("answers requests that the gateway sends to its host, and no other", async () => {
    const answer = await get("/named/things");
    assert.equal(answer.status, 200, answer.text);
    assert.equal(JSON.parse(answer.text).table, "things");
    assert.deepEqual(await get("/unnamed/things"), { status: 503, text: "no rule matches" });
  });

  it("replaces all its servers when all of them hang, and serves again", async () => {
    const hanging = hang();
    assert.equal(hanging.length, 2);
    await until("replaced", () => !hanging.some((pid) => pids().includes(pid)), 15_000);
    await until("healthy", () => healths().join() === "healthy,healthy");
    assert.deepEqual(hanging.filter(alive), []);
    assert.equal((await get("/named/things")).status, 200);
  });
});

describe("a Beanstalk environment that checks its instances only, as is the default", () => {
  const { hang, healths, pids } = run({});

  it("keeps servers that hang", async () => {
    const hanging = hang();
    await until("unhealthy", () => healths().join() === "unhealthy,unhealthy");
    await sleep(3_000);
    assert.deepEqual(pids(), hanging);
    for (const pid of hanging) process.kill(pid, "SIGCONT");
  });
});
