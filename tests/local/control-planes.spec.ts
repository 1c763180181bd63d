import assert from "node:assert/strict";
import { APIGatewayClient, GetApiKeysCommand } from "@aws-sdk/client-api-gateway";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { request } from "undici";
import { GraphIndex } from "../../graph/model";
import { AwsEndpoint } from "../../local/aws/aws-endpoint";
import { ControlPlanes } from "../../local/control-planes";
import { TargetGroup } from "../../local/elb/target-group";
import { FunctionPool } from "../../local/lambda/function-pool";
import type { FunctionFailure } from "../../local/local-compute";
import { Reaper } from "../../local/processes/reaper";
import { Supervisor } from "../../local/processes/supervisor";
import { TimeScale } from "../../local/time-scale";
import { operatorOnly } from "./helpers/access";
import { standIn } from "./helpers/artifact";
import { plan } from "./helpers/program";
import { alive, until } from "./helpers/wait";

const artifact = standIn();
after(artifact.remove);
const zones = ["eu-west-1a", "eu-west-1b"];
const time = new TimeScale(100);

describe("control planes that are dark", () => {
  let planes: ControlPlanes;
  let reaper: Reaper;
  beforeEach(() => {
    planes = new ControlPlanes();
    reaper = new Reaper();
  });
  afterEach(() => reaper.stop());

  describe("for servers", () => {
    const target: ConstructorParameters<typeof TargetGroup>[0] = {
      ...{
        key: "targets",
        algorithm: "round_robin" as const,
        path: "/healthz",
        matcher: "200",
        minimumHealthyTargets: 1,
      },
      ...{
        intervalSeconds: 10,
        timeoutSeconds: 5,
        healthyThreshold: 2,
        unhealthyThreshold: 2,
        deregistrationSeconds: 30,
      },
    };
    let group: TargetGroup;
    let servers: Supervisor;

    /** Two servers, which ECS replaces or systemd starts again. */
    async function start(restartsInPlace: boolean): Promise<readonly number[]> {
      group = new TargetGroup(target, time);
      servers = new Supervisor(
        {
          ...{ id: "urn", service: "thing", region: "eu-west-1", pattern: "ecs", zones, desired: 2, env: {} },
          ...{ command: ["node", "server.cjs"], cwd: artifact.folder, restartSeconds: 1, stopTimeoutSeconds: 60 },
          ...{ registersWith: ["targets"], restartsInPlace },
        },
        {
          root: "/",
          registry: () => group,
          overrides: () => ({}),
          time,
          reaper,
          startSeconds: 15,
          log: () => {},
          planes,
        },
      );
      await servers.start();
      return servers.views().map(({ pid }) => pid!);
    }
    afterEach(() => servers.stop());

    it("starts none in the place of one that ended, keeps what runs, and starts it when they are back", async () => {
      const [first, second] = await start(false);
      planes.turn(true);
      process.kill(first!, "SIGKILL");
      await until("asked", () => planes.counts.replace.refused > 0);
      assert.deepEqual(
        servers.views().map(({ pid, health }) => [pid, health]),
        [[second, "healthy"]],
      );
      const choice = group.pick();
      assert.equal(choice.kind, "server");
      planes.turn(false);
      await until("replaced", () => servers.views().filter(({ health }) => health === "healthy").length === 2, 15_000);
      assert.ok(alive(second!));
      assert.deepEqual([planes.counts.serve.asked, planes.counts["fail over"].asked], [0, 0]);
    });

    it("lets systemd start a process again, which asks none", async () => {
      const [first] = await start(true);
      planes.turn(true);
      process.kill(first!, "SIGKILL");
      await until(
        "again",
        () => servers.views().length === 2 && servers.views().every(({ pid }) => pid && pid !== first && alive(pid)),
        15_000,
      );
      assert.equal(planes.counts.replace.asked, 0);
    });

    it("takes out a target that is removed, which drains", async () => {
      await start(false);
      planes.turn(true);
      const [one, two] = [group.pick(), group.pick()];
      assert.deepEqual([one.kind, two.kind], ["server", "server"]);
      await servers.stop();
      assert.equal(group.pick().kind, "none");
      assert.equal(planes.counts.replace.asked, 0);
    });
  });

  describe("for functions", () => {
    let pool: FunctionPool;
    afterEach(() => pool.stop());

    function create(provisionedConcurrency: number, factor = 1): void {
      pool = new FunctionPool(
        {
          ...{ aliasArn: "a", invokeArn: "i", functionName: "thing", service: "thing", region: "eu-west-1", zones },
          ...{ file: "handler.cjs", export: "handler", cwd: artifact.folder, env: {}, memoryMegabytes: 128 },
          ...{ timeoutSeconds: 12, reservedConcurrency: 10, provisionedConcurrency },
        },
        { root: "/", overrides: () => ({}), time: new TimeScale(factor), log: () => {}, reaper, planes },
      );
    }
    const sleep = (ms: number) => pool.invoke({ do: "sleep", ms });

    it("run events on the provisioned environments alone, which stay although they are idle", async () => {
      create(2, 300);
      await pool.provision();
      planes.turn(true);
      const pids = pool.views().map(({ pid }) => pid);
      assert.equal(pids.length, 2);
      await Promise.all(Array.from({ length: 5 }, () => sleep(250)));
      assert.deepEqual(
        pool.views().map(({ pid }) => pid),
        pids,
      );
      assert.ok(planes.counts.scale.refused > 0);
      await new Promise((resolve) => setTimeout(resolve, 300));
      assert.deepEqual(
        pool.views().map(({ pid }) => pid),
        pids,
      );
    });

    it("fail at once where no environment runs", async () => {
      create(0);
      planes.turn(true);
      await assert.rejects(pool.invoke({}), (error: FunctionFailure) => error.reason === "throttled");
    });
  });

  it("refuse management APIs, and not the data planes; who asked is counted", async () => {
    const index = new GraphIndex((await plan("", () => {})).graph);
    const endpoint = new AwsEndpoint(index, {
      access: operatorOnly,
      usagePlans: () => undefined,
      log: () => {},
      planes,
    });
    await endpoint.start();
    try {
      const credentials = { accessKeyId: "local", secretAccessKey: "local" };
      const settings = { region: "eu-west-1", endpoint: endpoint.url, credentials, maxAttempts: 1 };
      planes.turn(true);
      const keys = new APIGatewayClient(settings).send(new GetApiKeysCommand({}));
      await assert.rejects(keys, { name: "ServiceUnavailableException" });
      const secret = new SecretsManagerClient(settings).send(new GetSecretValueCommand({ SecretId: "none" }));
      await assert.rejects(secret, { name: "ResourceNotFoundException" });
      for (const service of ["iam", "route53", "acm", "servicediscovery", "ecs", "autoscaling"]) {
        const authorization = `AWS4-HMAC-SHA256 Credential=ASIAROLE/20261128/us-east-1/${service}/aws4_request`;
        const { statusCode, body } = await request(endpoint.url, { method: "POST", headers: { authorization } });
        await body.dump();
        assert.equal(statusCode, 503, service);
      }
      assert.deepEqual(
        [planes.counts.operate, planes.counts.serve],
        [
          { asked: 1, refused: 1 },
          { asked: 6, refused: 6 },
        ],
      );
    } finally {
      await endpoint.stop();
    }
  });
});

describe("a zone that is lost", () => {
  it("takes no start, and others take them", () => {
    const planes = new ControlPlanes();
    planes.lose("a", true);
    assert.deepEqual(planes.zonesOf(["a", "b"]), ["b"]);
    assert.deepEqual(planes.zonesOf(["a"]), ["a"]);
    assert.throws(() => planes.ask({ by: "replace", what: "start", where: "a" }), {
      message: /^start in a: the zone is lost/,
    });
    planes.ask({ by: "replace", what: "start", where: "b" });
    planes.lose("a", false);
    assert.deepEqual([planes.isLost("a"), planes.counts.replace], [false, { asked: 2, refused: 1 }]);
  });
});
