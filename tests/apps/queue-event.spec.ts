import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { eventHandler } from "../../apps/kit/lambda";
import { handleQueueEvent, queueRoutes } from "../../apps/kit/queue-event";
import { routeCaller } from "../../apps/route-caller/caller";
import { callerSettings } from "../../apps/route-caller/settings";
import { harness, samples } from "./helpers/services";

const sample = samples.find(({ name }) => name === "price-calculator")!;
const arn = (queue: string) => `arn:aws:sqs:eu-west-1:123456789012:${queue}`;
const record = (messageId: string, body: unknown, queue = "foods-1") => ({
  messageId,
  body: typeof body === "string" ? body : JSON.stringify(body),
  eventSource: "aws:sqs" as const,
  eventSourceARN: arn(queue),
});
const change = (id: string, over: object = {}) => ({
  id,
  service: "food-store",
  kind: "created",
  item: { price: { amount: 120 }, currency: "EUR", name: "Apple" },
  at: "2026-11-28T06:00:00.000Z",
  version: 1_795_000_000_000_000,
  region: "eu-west-1",
  ...over,
});
const QUEUE_ROUTES = "foods-1=/price-calculator/changes/foods,pets-1=/price-calculator/changes/pets";

/** Runs work while nothing is written to the console. */
async function quietly<T>(work: () => Promise<T>): Promise<{ result: T; said: string[] }> {
  const said: string[] = [];
  const own = console.error;
  console.error = (text: string) => void said.push(text);
  try {
    return { result: await work(), said };
  } finally {
    console.error = own;
  }
}

describe("messages of queues", () => {
  it("are handed to the route of their queue, and only those that fail stay", async () => {
    const { app, lines } = harness(sample);
    const handler = eventHandler(app, { QUEUE_ROUTES });
    const { result, said } = await quietly(() =>
      handler({
        Records: [
          record("m-1", change("apple-1")),
          record("m-2", change("rex-1")), // of the queue of foods, but in the queue of pets
          record("m-3", "{"),
          record("m-4", change("apple-2", { version: undefined })),
          record("m-5", change("pear-1", { kind: "deleted" })),
        ].map((each, i) => (i === 1 ? { ...each, eventSourceARN: arn("pets-1") } : each)),
      }),
    );
    assert.deepEqual(result, {
      batchItemFailures: ["m-2", "m-3", "m-4"].map((itemIdentifier) => ({ itemIdentifier })),
    });
    assert.deepEqual(said.map((text) => text.split(": ")[1]).sort(), [
      "POST /price-calculator/changes/foods must answer 2xx, got 400",
      "POST /price-calculator/changes/foods must answer 2xx, got 400",
      "POST /price-calculator/changes/pets must answer 2xx, got 400",
    ]);
    const logged = lines.map((line) => JSON.parse(line)).filter(({ requestId }) => requestId === "m-1");
    assert.deepEqual(
      logged.map(({ route }) => route),
      ["/price-calculator/changes/foods"],
    );
  });

  it("stay when their queue has no route, which no message can choose", async () => {
    const { result } = await quietly(() =>
      eventHandler(harness(sample).app, { QUEUE_ROUTES })({ Records: [record("m-1", change("apple-1"), "other")] }),
    );
    assert.deepEqual(result, { batchItemFailures: [{ itemIdentifier: "m-1" }] });
  });

  it("do not come from a client, no matter what it writes in a request", async () => {
    const requestContext = { stage: "$default", http: { method: "GET" } };
    const event = { Records: [record("m-1", change("apple-1"))], version: "2.0", rawPath: "/none", requestContext };
    const answer = (await eventHandler(harness(sample).app, { QUEUE_ROUTES })(event)) as { statusCode: number };
    assert.equal(answer.statusCode, 404);
  });

  it("have routes that are written as plain text, or one sentence says what is wrong", () => {
    assert.deepEqual(
      [...queueRoutes("a-1=/x/y,b=uploads:/z")],
      [
        ["a-1", { path: "/x/y", uploads: false }],
        ["b", { path: "/z", uploads: true }],
      ],
    );
    assert.equal(queueRoutes(undefined).size, 0);
    for (const wrong of ["a", "a=x", "=/x", "a=http://evil/", "a=/x y", "a b=/x"]) {
      assert.throws(() => queueRoutes(wrong), {
        message: `QUEUE_ROUTES must be a list of <queue>=<path> or <queue>=uploads:<path>, got ${JSON.stringify(wrong)}; set the environment variable QUEUE_ROUTES`,
      });
    }
  });
});

describe("notifications of uploads", () => {
  const notification = (...keys: string[]) => ({
    Records: keys.map((key, i) => ({
      eventSource: "aws:s3",
      eventTime: "2026-11-28T06:00:00.000Z",
      s3: { object: { key, size: 12, sequencer: `00${i}` } },
    })),
  });
  const handed = async (body: unknown) => {
    const sent: unknown[] = [];
    const routes = queueRoutes("files-1=uploads:/shop/files");
    const { result } = await quietly(() =>
      handleQueueEvent({ Records: [record("m-1", body, "files-1")] }, routes, async (message) => {
        sent.push({ ...message, body: JSON.parse(message.body) });
        return 200;
      }),
    );
    return { sent, failed: result.batchItemFailures.length };
  };

  it("become one message per object, with its key as it was given", async () => {
    const { sent, failed } = await handed(notification("in/a+b.json", "in/%C3%A4%2B.json"));
    const object = { sizeBytes: 12, at: "2026-11-28T06:00:00.000Z" };
    const message = { headers: { "x-request-id": "m-1" }, path: "/shop/files" };
    assert.deepEqual(sent, [
      { ...message, body: { key: "in/a b.json", ...object, sequencer: "000" } },
      { ...message, body: { key: "in/ä+.json", ...object, sequencer: "001" } },
    ]);
    assert.equal(failed, 0);
  });

  it("by which S3 tries the queue are taken, and call nothing", async () => {
    assert.deepEqual(await handed({ Service: "Amazon S3", Event: "s3:TestEvent", Bucket: "b" }), {
      sent: [],
      failed: 0,
    });
  });

  it("of another form stay in the queue", async () => {
    for (const wrong of ["{", [], { Records: [{ eventSource: "aws:sqs" }] }, notification("%E0%A4%A")]) {
      assert.deepEqual(await handed(wrong), { sent: [], failed: 1 });
    }
  });
});

describe("the function that calls servers", () => {
  it("posts each message to one server, and says which were not answered with 2xx", async () => {
    const seen: unknown[] = [];
    const server = createServer(async (req, res) => {
      let body = "";
      for await (const chunk of req) body += chunk;
      seen.push([req.method, req.url, req.headers["x-request-id"], req.headers["content-type"], body]);
      res.writeHead(body.includes("bad") ? 500 : 200).end("{}");
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const BASE_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const call = routeCaller(callerSettings({ BASE_URL, QUEUE_ROUTES }));
    const { result } = await quietly(() => call({ Records: [record("m-1", { ä: 1 }), record("m-2", "bad")] }));
    const run = await call({ schedule: { id: "tidy", method: "POST", path: "/tidy", run: "run-1" } });
    server.close().closeAllConnections();
    assert.deepEqual(result, { batchItemFailures: [{ itemIdentifier: "m-2" }] });
    assert.deepEqual(run, { status: 200 });
    const path = "/price-calculator/changes/foods";
    assert.deepEqual(
      seen.sort(),
      [
        ["POST", "/tidy", "run-1", undefined, ""],
        ["POST", path, "m-1", "application/json", '{"ä":1}'],
        ["POST", path, "m-2", "application/json", "bad"],
      ].sort(),
    );
  });
});
