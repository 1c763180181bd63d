import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { DynamoDBClient, GetItemCommand, PutItemCommand, ScanCommand } from "@aws-sdk/client-dynamodb";
import { decodeJwt } from "jose";
import { request } from "undici";
import { catalog } from "../../apps/catalog";
import { type Graph, GraphIndex } from "../../graph/model";
import { signIn } from "../../local/cognito/sign-in";
import { operatorKeys } from "../../local/iam/access";
import { type RunningPlatform, startPlatform } from "../../local/platform";
import { type Client, open } from "../local/apigateway/websocket/world";
import { until } from "../local/helpers/wait";
import { planTwoRegions, twoRegions } from "./helpers/two-regions";

const sample = catalog["food-store"].definitions["put-food"].sample;
/** Tokens of ten minutes are over after a minute, in which the other tests are done. */
const timeScale = 10;

describe("live changes on a running platform of two regions", function () {
  this.timeout(240_000);
  const stateDir = mkdtempSync(join(tmpdir(), "live-"));
  const log: string[] = [];
  const clients: Client[] = [];
  let platform: RunningPlatform;
  let graph: Graph;
  let token: string;
  let keptOpen: NodeJS.Timeout | undefined;

  before(async () => {
    graph = await planTwoRegions((values) => {
      values.live = { domain: `live.${values.domain.zone}` };
      Object.assign(values.tokens, { accessMinutes: 10, idMinutes: 10 });
    });
    const options = { graph, timeScale, stateDir, readySeconds: 110 };
    platform = await startPlatform({ ...options, log: (from, line) => log.push(`${from} ${line}`) });
    await connect((await newToken()).slice(0, -1), 401);
    token = await newToken();
    clients.push(...(await connect(token)));
    // The idle time is over when the token is.
    keptOpen = setInterval(() => clients.forEach(({ ws }) => void ws.send("{}", () => {})), 5_000);
  });
  after(async () => {
    clearInterval(keptOpen);
    for (const { ws } of clients) ws.terminate();
    await platform?.stop();
    rmSync(stateDir, { recursive: true, force: true });
  });

  const newToken = async () =>
    (await signIn({ issuerUrl: platform.endpoints.issuer, user: "ada", groups: "all" })).accessToken;
  /** Connects in each region; on a busy machine a function may not have started in time, which is answered 500 or 502. */
  const connect = (withToken: string, status?: number) =>
    Promise.all(
      twoRegions.map(async (region) => {
        for (;;) {
          const url = platform.endpoints.regions[region]!.websocket!;
          const client = await open(url, ["changes.v1", `token.${withToken}`]);
          if (client.refused === status) return client;
          assert.ok(client.refused === 500 || client.refused === 502, `${region} answers ${client.refused}`);
        }
      }),
    );
  const table = (region: string) => {
    const client = new DynamoDBClient({
      ...{ region, credentials: operatorKeys, maxAttempts: 1 },
      endpoint: platform.endpoints.regions[region]!.dynamodb,
    });
    const tables = new GraphIndex(graph).ofType("aws:dynamodb/table:Table");
    const found = tables.find(({ name }) => name === `${region}-live-connections-table`)!;
    return { client, TableName: found.outputs["name"] as string };
  };
  const rows = async (region: string) => {
    const { client, TableName } = table(region);
    return (await client.send(new ScanCommand({ TableName }))).Items!.map(({ id }) => id!.S!);
  };
  const put = async (region: string, id: string) => {
    const answer = await request(`${platform.endpoints.regions[region]!.http}/food-store/foods/${id}`, {
      method: "PUT",
      headers: { authorization: `Bearer ${await newToken()}`, "content-type": "application/json" },
      body: JSON.stringify(sample),
    });
    assert.equal(answer.statusCode, 200, await answer.body.text());
  };

  it("refuse a connection without a token, with a wrong one, and without the protocol, at the one address too", async () => {
    const urls = [
      platform.endpoints.global.replace(/^http/, "ws"),
      ...twoRegions.map((region) => platform.endpoints.regions[region]!.websocket!),
    ];
    for (const url of urls) {
      for (const protocols of [[], ["changes.v1"], ["changes.v1", `token.${token}x`], [`token.${token}`]])
        assert.equal((await open(url, protocols)).refused, 401, `${url} ${protocols.length}`);
    }
  });

  it("open a connection in each region, by the protocol that the page offered, with a row in its table", async () => {
    for (const [i, region] of twoRegions.entries()) {
      assert.deepEqual([clients[i]!.refused, clients[i]!.ws.protocol], [undefined, "changes.v1"]);
      assert.equal((await rows(region)).length, 1);
    }
  });

  it("bring a write of either region to the pages of both, once each", async () => {
    for (const region of twoRegions) {
      const id = `live-${region}`;
      await put(region, id);
      for (const { messages } of clients) {
        const ofItem = () => messages.map((text) => JSON.parse(text)).filter(({ item }) => item.id === id);
        await until(`${id} at both`, () => ofItem().length > 0);
        await sleep(1_000);
        assert.equal(ofItem().length, 1);
        const [change] = ofItem();
        assert.deepEqual([change.service, change.previous], ["food-store", undefined]);
        assert.equal(change.item.name, (sample as { name: string }).name);
      }
    }
  });

  it("forget a connection that is gone when the next change is posted to it", async () => {
    const [region] = twoRegions;
    const { client, TableName } = table(region);
    const id = { S: "AAAAAAAAAAAAAAA=" };
    const inSeconds = (seconds: number) => ({ N: String(Math.floor(Date.now() / 1_000) + seconds) });
    const Item = { id, services: { SS: ["food-store"] }, storedAt: inSeconds(-60), expiresAt: inSeconds(600) };
    await client.send(new PutItemCommand({ TableName, Item }));
    await put(region, "live-gone");
    await until("its row is removed", async () => {
      await sleep(50);
      return (await client.send(new GetItemCommand({ TableName, Key: { id } }))).Item === undefined;
    });
    assert.equal((await rows(region)).length, 1);
  });

  it("end with the token: the connection is closed then and not before, and its row is removed", async () => {
    const endsAt = decodeJwt(token).exp! * 1_000;
    for (const { ws } of clients) assert.equal(ws.readyState, ws.OPEN);
    const ended = await Promise.all(clients.map(({ closed }) => closed.then((end) => ({ ...end, at: Date.now() }))));
    for (const { code, reason, at } of ended) {
      assert.deepEqual([code, reason], [1001, "Going away"]);
      assert.ok(at >= endsAt && at < endsAt + 15_000, `${at - endsAt} ms after the token`);
    }
    for (const region of twoRegions) await until("no row", async () => (await rows(region)).length === 0);
  });

  it("leave the token in no line of the log", async () => {
    for (const event of ["CONNECT", "DISCONNECT"])
      await until(`${event} in the log`, () => log.some((line) => line.includes(`"eventType":"${event}"`)));
    const signature = token.split(".")[2]!;
    assert.deepEqual(
      log.filter((line) => line.includes(signature)).map((line) => line.slice(0, 200)),
      [],
    );
  });
});
