import assert from "node:assert/strict";
import { DescribeTimeToLiveCommand, UpdateTimeToLiveCommand } from "@aws-sdk/client-dynamodb";
import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { until } from "../helpers/wait";
import { RunningStore, regions } from "./helpers/running-store";
import { StreamReader } from "./helpers/stream-reader";

const [central, west] = regions;
const inSeconds = (seconds: number) => Math.floor(Date.now() / 1_000) + seconds;

describe("time to live", () => {
  let running: RunningStore;

  before(async () => {
    running = new RunningStore({ lagMs: 50, factor: 1_000 });
    await running.start({ ttl: { attributeName: "until", enabled: true } });
  });
  after(() => running.stop());

  const gone = (region: typeof central | typeof west, id: string) =>
    until(`${id} gone in ${region}`, async () => (await running.get(region, id)) === undefined, 10_000);
  const set = (AttributeName: string, Enabled: boolean) =>
    running
      .in(central)
      .send(new UpdateTimeToLiveCommand({ TableName: "things", TimeToLiveSpecification: { AttributeName, Enabled } }));

  it("is set in each region as planned", async () => {
    for (const region of regions) {
      const command = new DescribeTimeToLiveCommand({ TableName: "things" });
      const { TimeToLiveDescription } = await running.in(region).send(command);
      assert.deepEqual(TimeToLiveDescription, { AttributeName: "until", TimeToLiveStatus: "ENABLED" });
    }
  });

  it("deletes an item when its time has come, by the clock of the platform, and DynamoDB is who did it", async () => {
    const startedAt = Date.now();
    await running.put(central, { id: "short", until: inSeconds(1_500), kind: "tea" });
    for (const region of regions) {
      await until(`short in ${region}`, async () => (await running.get(region, "short")) !== undefined);
    }
    await gone(central, "short");
    assert.ok(Date.now() - startedAt >= 1_400, `${Date.now() - startedAt} ms`);
    await gone(west, "short");
    const removed = async (region: typeof central | typeof west) => {
      const records = await (await StreamReader.of(running, region)).all();
      return records.find((each) => each.eventName === "REMOVE" && each.dynamodb.Keys.id.S === "short");
    };
    const deletion = await removed(central);
    assert.deepEqual(deletion.userIdentity, { PrincipalId: "dynamodb.amazonaws.com", Type: "Service" });
    assert.equal(deletion.dynamodb.OldImage.kind.S, "tea");
    assert.equal((await removed(west)).userIdentity, undefined);
  });

  it("leaves items without a time, with one that is no number, and with one of more than five years ago", async () => {
    await running.put(central, { id: "none" });
    await running.put(central, { id: "text", until: String(inSeconds(-60)) });
    await running.put(central, { id: "ancient", until: inSeconds(-6 * 365 * 24 * 3_600) });
    await running.put(central, { id: "past", until: inSeconds(-60) });
    await gone(central, "past");
    for (const id of ["none", "text", "ancient"]) assert.notEqual(await running.get(central, id), undefined, id);
  });

  it("follows what is written later", async () => {
    const far = inSeconds(1_000_000);
    await running.put(central, { id: "longer", until: inSeconds(800) });
    const update = { UpdateExpression: "SET #u = :u", ExpressionAttributeNames: { "#u": "until" } };
    const values = { ExpressionAttributeValues: { ":u": far } };
    await running
      .in(central)
      .send(new UpdateCommand({ TableName: "things", Key: { id: "longer" }, ...update, ...values }));
    await running.put(central, { id: "mark", until: inSeconds(900) });
    await gone(central, "mark");
    assert.deepEqual(await running.get(central, "longer"), { id: "longer", until: far });
  });

  it("is turned off and on, also for items that are there already", async () => {
    await set("until", false);
    await assert.rejects(set("until", false), {
      name: "ValidationException",
      message: "TimeToLive is already disabled",
    });
    await running.put(central, { id: "kept", until: inSeconds(-1), other: inSeconds(-1) });
    await new Promise((resolve) => setTimeout(resolve, 600));
    assert.notEqual(await running.get(central, "kept"), undefined);
    await set("other", true);
    await assert.rejects(set("until", true), { message: "TimeToLive is already enabled" });
    await assert.rejects(set("until", false), {
      message: /active on a different AttributeName: current AttributeName is other/,
    });
    await gone(central, "kept");
  });
});
