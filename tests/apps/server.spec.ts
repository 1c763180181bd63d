import assert from "node:assert/strict";
import { Agent } from "node:http";
import { connect } from "node:net";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { DynamoDBDocumentClient, GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { bundle } from "../../apps/bundle";
import { catalog } from "../../apps/catalog";
import type { ServiceContract } from "../../apps/kit/contract";
import { until } from "../local/helpers/wait";
import { dynamoClient, type Storage, startDynamo, startFakeDynamo, storageEnvironment } from "./helpers/dynamo";
import { type Running, start, startServer } from "./helpers/process";
import { samples } from "./helpers/services";

const root = resolve(__dirname, "../..");
const slowMs = 300;
/** A service in each language. */
const inEach = ["typescript", "python"].map((language) => samples.find((sample) => sample.language === language)!);

for (const sample of inEach) {
  const { name: service, collection, language } = sample;
  const [script, healthcheck] =
    language === "python" ? ["server.py", "platform_kit/healthcheck.py"] : ["server.cjs", "healthcheck.cjs"];

  describe(`server process of ${service}`, () => {
    let folder: string;
    let storage: Storage;
    let slow: Storage;
    const running: Running[] = [];
    // The service in Python takes keys, of which the tests here send none.
    const tables = { TABLE_NAME: "foods", TABLE_IDEMPOTENCY_KEYS: "keys" };
    const serve = async (endpoint: string, env: Record<string, string> = {}) => {
      const settings = { ...tables, DRAIN_SECONDS: "0.7", ...storageEnvironment(endpoint), ...env };
      const server = await startServer(join(folder, script!), settings);
      running.push(server);
      return server;
    };
    before(async () => {
      folder = join(root, (await bundle([service], { packages: true }))[service]!.directory);
      storage = await startDynamo("foods", (catalog as Readonly<Record<string, ServiceContract>>)[service]!.table!);
      slow = await startFakeDynamo((_, response) => setTimeout(() => response.end("{}"), slowMs));
    });
    after(() => {
      storage.close();
      slow.close();
      for (const { child } of running) {
        child.kill("SIGKILL");
      }
    });

    describe("serving", () => {
      let server: Running;
      before(async () => {
        server = await serve(storage.endpoint);
      });

      it("stores and reads items, and passes its own health check", async () => {
        const put = await server.ask(`${collection}/a`, {
          method: "PUT",
          headers: { "content-type": "application/json" },
          body: JSON.stringify(sample.body),
        });
        assert.equal(put.status, 200);
        assert.deepEqual(JSON.parse((await server.ask(`${collection}/a`)).body), { ...sample.body, id: "a" });
        const healthy = start(join(folder, healthcheck!), { PORT: String(server.port) });
        assert.equal((await healthy.exited).code, 0);
        const unhealthy = start(join(folder, healthcheck!), { PORT: "9" });
        assert.equal((await unhealthy.exited).code, 1);
      });

      it("stores writes of the same time each under a version of its own, which no answer has", async () => {
        const documents = DynamoDBDocumentClient.from(dynamoClient(storage));
        const ahead = Date.now() * 1_000 + 3_600_000_000;
        const Item = { id: "versions", writtenIn: "eu-west-1", writtenVersion: ahead };
        await documents.send(new PutCommand({ TableName: "foods", Item }));
        const field = "name" in sample.body ? "name" : "title";
        const bodies = [1, 2, 3].map((n) => ({ ...sample.body, [field]: `number ${n}` }));
        const headers = { "content-type": "application/json" };
        const puts = bodies.map((body) =>
          server.ask(`${collection}/versions`, { method: "PUT", headers, body: JSON.stringify(body) }),
        );
        const answers = (await Promise.all(puts)).map((put) => JSON.parse(put.body));
        assert.deepEqual(
          answers,
          bodies.map((body) => ({ ...body, id: "versions" })),
        );
        const get = new GetCommand({ TableName: "foods", Key: { id: "versions" }, ConsistentRead: true });
        const { writtenIn, writtenVersion } = (await documents.send(get)).Item!;
        documents.destroy();
        assert.deepEqual([writtenIn, writtenVersion], ["eu-central-1", ahead + 3]);
        const read = JSON.parse((await server.ask(`${collection}/versions`)).body);
        assert.ok(answers.some((answer) => isDeepStrictEqual(answer, read)));
      });

      it("keeps connections open for longer than a balancer does", async () => {
        const agent = new Agent({ keepAlive: true });
        const { headers } = await server.ask("/healthz", { agent });
        agent.destroy();
        assert.deepEqual([headers.connection, headers["keep-alive"]], ["keep-alive", "timeout=75"]);
      });

      it("refuses paths that a URL parser would rewrite, as they came", async () => {
        const hostile = [`${collection}/..`, `${collection}/%2e%2e`, `/${service}/x/../foods/a`, "/a\\b", "/%"];
        for (const path of hostile) {
          assert.equal((await server.ask(path)).status, 400, path);
        }
        assert.equal((await server.ask(`//evil.example${collection}/a`)).status, 404);
        assert.equal((await server.ask("/healthz", { headers: { host: "a b" } })).status, 400);
      });

      it("answers 413 to a large body and serves on, over the same connection", async () => {
        const headers = { "content-type": "application/json" };
        const body = Buffer.alloc(2_000_000, 32);
        const agent = new Agent({ keepAlive: true, maxSockets: 1 });
        for (const [name, value] of [
          ["content-length", String(body.length)],
          ["transfer-encoding", "chunked"],
        ] as const) {
          const large = await server.ask(`${collection}/a`, {
            method: "PUT",
            headers: { ...headers, [name]: value },
            body,
            agent,
          });
          assert.equal(large.status, 413);
          assert.equal((await server.ask("/healthz", { agent })).status, 200);
        }
        agent.destroy();
      });

      it("survives bytes that are not HTTP, and clients that leave in the middle", async () => {
        const head = `PUT ${collection}/a HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n`;
        for (const bytes of ["\u0016\u0003\u0001", "GET /\r\n\r\n", `${head}Content-Length: 100\r\n\r\n{"na`]) {
          const socket = connect(server.port, "127.0.0.1", () => socket.end(bytes));
          socket.on("error", () => {});
          await sleep(20);
          socket.destroy();
        }
        const both = connect(server.port, "127.0.0.1");
        both.write(`${head}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`);
        const [answer] = (await both.setEncoding("utf8").take(1).toArray()) as string[];
        assert.match(answer!, /^HTTP\/1\.1 400 /);
        both.destroy();
        assert.equal((await server.ask("/healthz")).status, 200);
      });
    });

    describe("told to stop", () => {
      it("keeps serving while clients still know its address, closes their connections, then exits 0", async () => {
        const server = await serve(storage.endpoint);
        const agent = new Agent({ keepAlive: true, maxSockets: 1 });
        await server.ask("/healthz", { agent });
        server.child.kill("SIGTERM");
        await server.line("draining");
        const reused = await server.ask(`${collection}/none`, { agent });
        const fresh = await server.ask("/healthz");
        assert.deepEqual([reused.status, reused.headers.connection], [404, "close"]);
        assert.deepEqual([fresh.status, fresh.headers.connection], [200, "close"]);
        assert.equal((await server.exited).code, 0);
        await assert.rejects(server.ask("/healthz"), { code: "ECONNREFUSED" });
        agent.destroy();
      });

      it("finishes what is in flight when the drain ends", async () => {
        const server = await serve(slow.endpoint, { DRAIN_SECONDS: "0.1" });
        const inFlight = server.ask(`${collection}/a`);
        await sleep(100);
        server.child.kill("SIGTERM");
        assert.equal((await inFlight).status, 404);
        assert.equal((await server.exited).code, 0);
      });

      it("closes at once on a second SIGTERM, or on SIGINT, and still finishes what is in flight", async () => {
        const stop = async (signals: readonly NodeJS.Signals[]) => {
          const server = await serve(slow.endpoint, { DRAIN_SECONDS: "60" });
          const inFlight = server.ask(`${collection}/a`);
          await sleep(100);
          for (const [i, signal] of signals.entries()) {
            // Two signals that a busy machine hands over together are one.
            if (i > 0) await server.line("draining");
            server.child.kill(signal);
          }
          await until("refuses connections", () =>
            server.ask("/healthz").then(
              () => false,
              ({ code }) => code === "ECONNREFUSED",
            ),
          );
          assert.equal((await inFlight).status, 404);
          assert.equal((await server.exited).code, 0);
        };
        await Promise.all([stop(["SIGTERM", "SIGTERM"]), stop(["SIGINT"])]);
      });

      it("gives what is in flight two seconds at most when hurried after the drain", async () => {
        const stuck = await startFakeDynamo(() => {});
        const server = await serve(stuck.endpoint, { DRAIN_SECONDS: "0" });
        const cut = assert.rejects(server.ask(`${collection}/a`), { code: "ECONNRESET" });
        await sleep(50);
        server.child.kill("SIGTERM");
        await sleep(100);
        const started = performance.now();
        server.child.kill("SIGINT");
        assert.equal((await server.exited).code, 0);
        await cut;
        stuck.close();
        const ms = performance.now() - started;
        assert.ok(ms > 1_500 && ms < 5_000, `${ms} ms`);
        assert.equal((await server.line("stopped"))["unfinished"], 1);
      });
    });

    describe("given a bad environment", () => {
      const good = () => ({ PORT: "0", ...tables, ...storageEnvironment(storage.endpoint) });
      const cases: [Record<string, string>, string][] = [
        [{ TABLE_NAME: "" }, "TABLE_NAME is missing; set the environment variable TABLE_NAME"],
        [{ PORT: "" }, "PORT is missing; set the environment variable PORT"],
        [{ PORT: "80a" }, 'PORT must be a number from 0 to 65535, got "80a"; set the environment variable PORT'],
        [
          { LOG_LEVEL: "loud" },
          'LOG_LEVEL must be one of debug, info, warn, error, got "loud"; set the environment variable LOG_LEVEL',
        ],
        [
          { DRAIN_SECONDS: "-1" },
          'DRAIN_SECONDS must be a number from 0 to 600, got "-1"; set the environment variable DRAIN_SECONDS',
        ],
      ];
      it("ends with one sentence and exit code 1", async () => {
        const ends = cases.map(([bad]) => start(join(folder, script!), { ...good(), ...bad }).exited);
        for (const [index, end] of (await Promise.all(ends)).entries()) {
          assert.deepEqual(end, { code: 1, stderr: `${service}: ${cases[index]![1]}\n` });
        }
      });

      it("says so when its port is taken", async () => {
        const { port } = await serve(storage.endpoint);
        const second = await start(join(folder, script!), { ...good(), PORT: String(port), HOST: "127.0.0.1" }).exited;
        assert.equal(second.code, 1);
        assert.match(second.stderr, new RegExp(`^${service}: cannot listen on port ${port}: .*in use[^\n]*\n$`, "i"));
      });
    });
  });
}
