import assert from "node:assert/strict";
import { mock } from "node:test";
import {
  type Change,
  ChangesFeed,
  changeCount,
  changeOf,
  type FeedOptions,
  waitMsAfter,
  withChange,
} from "../../../apps/web/changes";

const change = (id: string, version: number): Change => ({
  ...{ id, version, service: "food-store", kind: "changed", at: "2026-11-28T06:00:00.000Z", region: "eu-west-1" },
});

/** A connection whose events a test makes. */
class FakeSocket {
  readonly sent: string[] = [];
  closed = false;
  private readonly listeners = new Map<string, (event: object) => void>();
  constructor(
    readonly url: string,
    readonly protocols: readonly string[],
  ) {}
  addEventListener(type: string, listener: (event: object) => void): void {
    this.listeners.set(type, listener);
  }
  emit(type: "open" | "message" | "close", event: object = {}): void {
    this.listeners.get(type)?.(event);
  }
  send(text: string): void {
    this.sent.push(text);
  }
  close(): void {
    this.closed = true;
    this.emit("close");
  }
}

describe("the web app's live changes", () => {
  let sockets: FakeSocket[];
  let tokens: (string | undefined)[];
  let feed: ChangesFeed;

  beforeEach(() => {
    mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
    sockets = [];
    tokens = ["first", "second", "third"];
    const options: FeedOptions = {
      url: "wss://live.example.com",
      token: async () => tokens.shift(),
      connect: (url, protocols) => {
        sockets.push(new FakeSocket(url, protocols));
        return sockets.at(-1)!;
      },
      changed: () => {},
      random: () => 1,
    };
    feed = new ChangesFeed(options);
  });
  afterEach(() => {
    feed.stop();
    mock.timers.reset();
  });

  /** Lets milliseconds pass, and what waits for a token go on. */
  const pass = async (ms: number) => {
    mock.timers.tick(ms);
    await new Promise((resolve) => setImmediate(resolve));
  };

  it("connect with the protocol and the token, and show each change once, the latest first", async () => {
    await feed.start();
    const [socket] = sockets;
    assert.deepEqual([socket!.url, socket!.protocols], ["wss://live.example.com", ["changes.v1", "token.first"]]);
    assert.equal(feed.state, "connecting");
    socket!.emit("open");
    assert.equal(feed.state, "open");
    for (const version of [2, 1, 2]) socket!.emit("message", { data: JSON.stringify(change("a", version)) });
    socket!.emit("message", { data: "no JSON" });
    assert.deepEqual(
      feed.changes.map(({ version }) => version),
      [2, 1],
    );
  });

  it("connect again with a new token when a connection ends, at longer and longer intervals until one is open", async () => {
    await feed.start();
    sockets[0]!.emit("close");
    assert.equal(feed.state, "waiting");
    await pass(999);
    assert.equal(sockets.length, 1);
    await pass(1);
    assert.deepEqual(sockets[1]!.protocols, ["changes.v1", "token.second"]);
    sockets[1]!.emit("close");
    await pass(1_999);
    assert.equal(sockets.length, 2);
    await pass(1);
    assert.equal(sockets.length, 3);
    tokens = ["fourth"];
    sockets[2]!.emit("open");
    sockets[2]!.emit("close");
    await pass(1_000);
    assert.deepEqual(sockets[3]!.protocols, ["changes.v1", "token.fourth"]);
  });

  it("send a message every five minutes, as API Gateway ends a connection without one, and none after its end", async () => {
    await feed.start();
    sockets[0]!.emit("open");
    await pass(600_000);
    assert.deepEqual(sockets[0]!.sent, ["{}", "{}"]);
    sockets[0]!.emit("close");
    await pass(600_000);
    assert.equal(sockets[0]!.sent.length, 2);
  });

  it("connect no more without a person, and after they were left", async () => {
    tokens = [undefined];
    await feed.start();
    assert.deepEqual([feed.state, sockets.length], ["signed out", 0]);
    tokens = ["first", "second"];
    await feed.start();
    sockets[0]!.emit("open");
    feed.stop();
    assert.ok(sockets[0]!.closed);
    await pass(120_000);
    assert.equal(sockets.length, 1);
  });

  it("wait a minute at most, and half of the time by chance", () => {
    assert.deepEqual([waitMsAfter(0, 0), waitMsAfter(0, 1), waitMsAfter(3, 0.5)], [500, 1_000, 6_000]);
    assert.equal(waitMsAfter(1_000, 1), 60_000);
  });

  it("keep the latest, and read nothing else", () => {
    const many = Array.from({ length: changeCount + 5 }, (_, i) => change("a", i));
    const kept = many.reduce<readonly Change[]>(withChange, []);
    assert.deepEqual([kept.length, kept[0]!.version], [changeCount, changeCount + 4]);
    assert.equal(withChange([change("a", 1)], change("b", 1)).length, 2);
    for (const data of ["null", "1", "{}", '{"id":"a"}', '{"id":1,"service":"s","kind":"created","version":1}'])
      assert.equal(changeOf(data), undefined);
  });
});
