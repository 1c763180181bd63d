import assert from "node:assert/strict";
import { openApiService } from "../../apps/kit/openapi-service";
import notes from "./helpers/python/notes.json";
import { pythonApp } from "./helpers/python-apps";
import { MemoryItems } from "./helpers/services";

const arn = (queue: string) => `arn:aws:sqs:eu-west-1:123456789012:${queue}`;
const record = (messageId: string, body: unknown, more: object = {}) => ({
  messageId,
  body: typeof body === "string" ? body : JSON.stringify(body),
  eventSource: "aws:sqs",
  eventSourceARN: arn("foods-1"),
  ...more,
});
const change = (id: string, over: object = {}) => ({
  ...{ id, service: "food-store", kind: "created", item: { name: "Apple", category: "fruit" } },
  ...{ at: "2026-11-28T06:00:00.000Z", version: 1_795_000_000_000_000, region: "eu-west-1", ...over },
});

describe("messages of queues to a service in Python", () => {
  const service = (routes = "foods-1=/notes/changes") => {
    const items = new MemoryItems();
    const lines: any[] = [];
    const write = (line: string) => void lines.push(JSON.parse(line));
    const env = { QUEUE_ROUTES: routes };
    const app = pythonApp("notes", { items, level: "info", requestTimeoutSeconds: 10, write, env }, "notes");
    return { invoke: (event: object) => app.invoke(event) as Promise<any>, app, items, lines };
  };
  const noted = (items: MemoryItems, id: string) => JSON.parse((items.items.get(id) as any).note);

  it("are of a contract that gives it a queue, and no gateway a route", () => {
    const contract = openApiService(notes);
    const route = { method: "POST", path: "/notes/changes" };
    assert.deepEqual(contract.consumes, [{ service: "food-store", ...route, kinds: ["created", "deleted"] }]);
    assert.deepEqual(
      contract.routes.map(({ id }) => id),
      ["get-health", "probe-region"],
    );
    assert.equal(contract.openApi().paths["/notes/changes"], undefined);
    const other = structuredClone(notes) as any;
    other["x-platform-service"].consumes["food-store"].route = "note-pet";
    assert.throws(() => openApiService(other), {
      message:
        'service "notes": consumes.food-store.route must be a route with access "platform" (note-food), got "note-pet"; name one, or make one for it',
    });
  });

  it("are handed to the route of their queue, and only those that fail stay", async () => {
    const { invoke, items, lines } = service();
    const result = await invoke({
      Records: [
        record("m-1", change("apple-1")),
        record("m-2", change("pear-1"), { eventSourceARN: arn("other") }),
        record("m-3", "{"),
        record("m-4", change("fig-1", { version: undefined })),
        record("m-5", change("kiwi-1", { kind: "deleted" })),
      ],
    });
    const stay = ["m-2", "m-3", "m-4"].map((itemIdentifier) => ({ itemIdentifier }));
    assert.deepEqual(result, { batchItemFailures: stay });
    assert.deepEqual([...items.items.keys()].sort(), ["apple-1", "kiwi-1"]);
    // What the contract does not list is left out, as a publisher may add fields.
    const note = { message: "m-1", subject: null, kind: "created", item: { name: "Apple" } };
    const { traceparent, ...rest } = noted(items, "apple-1");
    assert.deepEqual(rest, note);
    assert.match(traceparent, /^00-/);
    const [line] = lines.filter(({ requestId }) => requestId === "m-1");
    assert.deepEqual([line.route, line.status], ["/notes/changes", 200]);
  });

  it("have the subject that the gateway has verified, from the queue alone", async () => {
    const { invoke, items } = service();
    const attributes = { MessageGroupId: "user-1" };
    await invoke({ Records: [record("m-1", change("apple-1"), { attributes })] });
    assert.equal(noted(items, "apple-1").subject, "user-1");
  });

  it("do not come from a client, no matter what it writes in a request", async () => {
    const { invoke, items } = service();
    const requestContext = { stage: "$default", http: { method: "GET" } };
    const event = { Records: [record("m-1", change("apple-1"))], version: "2.0", rawPath: "/none", requestContext };
    assert.equal((await invoke(event)).statusCode, 404);
    assert.equal(items.items.size, 0);
  });

  it("come to a server as requests, with their id", async () => {
    const { app, items } = service();
    const headers = { "content-type": "application/json", "x-request-id": "m-7", "x-subject": "user-1" };
    const answer = await app.request("/notes/changes", {
      ...{ method: "POST", headers, body: JSON.stringify(change("apple-1")) },
    });
    assert.equal(answer.status, 200);
    assert.deepEqual([noted(items, "apple-1").message, noted(items, "apple-1").subject], ["m-7", "user-1"]);
  });

  it("give their handler the trace that they belong to, for the requests that it sends, and no invalid one", async () => {
    const { app, items } = service();
    const trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    const sent = [trace, undefined, trace.replace("4bf9", "zzzz"), trace.replace(/-4\w+-/, `-${"0".repeat(32)}-`)];
    const passedOn: unknown[] = [];
    for (const traceparent of sent) {
      const headers = { "content-type": "application/json", ...(traceparent && { traceparent }) };
      await app.request("/notes/changes", { method: "POST", headers, body: JSON.stringify(change("apple-1")) });
      passedOn.push(noted(items, "apple-1").traceparent);
    }
    const ids = passedOn.map((header) => /^00-([0-9a-f]{32})-[0-9a-f]{16}-01$/.exec(String(header))?.[1]);
    const id = "4bf92f3577b34da6a3ce929d0e0e4736";
    assert.equal(ids[0], id);
    assert.notEqual(passedOn[0], trace, "a span of the service's own");
    assert.ok(ids.slice(1).every((other) => other !== undefined && other !== id));
    assert.equal(new Set(ids).size, 4);
  });

  it("have routes that are written as plain text, or one sentence says what is wrong", async () => {
    for (const wrong of ["a", "a=x", "=/x", "a=http://evil/", "a=/x y", "a=uploads:/x"]) {
      await assert.rejects(service(wrong).invoke({ Records: [] }), {
        message: `QUEUE_ROUTES must be a list of <queue>=<path>, got ${JSON.stringify(wrong)}; set the environment variable QUEUE_ROUTES`,
      });
    }
  });
});
