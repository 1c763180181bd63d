import assert from "node:assert/strict";
import { once } from "node:events";
import { closeServers, contextOf, forwarderOf, httpServer, ResponseStream, rawServer, restEvent } from "./helpers";

describe("streamed answers of the forwarder", () => {
  afterEach(closeServers);

  it("begin with the head, and are passed on part by part", async () => {
    let next = () => {};
    const port = await httpServer((_req, res) => {
      res.writeHead(206, {
        "content-type": "application/octet-stream",
        "set-cookie": ["a=1", "b=2"],
        "content-length": 6,
      });
      res.write(Buffer.from([0xff, 0, 1]));
      next = () => res.end(Buffer.from([2, 0, 0xfe]));
    });
    const stream = new ResponseStream();
    const done = forwarderOf([port]).streamed(restEvent(), stream, contextOf(5_000));
    while (stream.answer.body.length < 3) await new Promise((resolve) => setTimeout(resolve, 5));
    assert.deepEqual([...stream.answer.body], [0xff, 0, 1], "before the rest is there");
    next();
    await done;
    const { head, body } = stream.answer;
    assert.equal(stream.contentType, "application/vnd.awslambda.http-integration-response");
    assert.equal(head!.statusCode, 206);
    assert.deepEqual(head!.multiValueHeaders["set-cookie"], ["a=1", "b=2"]);
    assert.equal(head!.multiValueHeaders["content-length"], undefined);
    assert.deepEqual([...body], [0xff, 0, 1, 2, 0, 0xfe]);
    assert.ok(stream.writableFinished);
  });

  it("have a head when they have no body", async () => {
    const port = await httpServer((_req, res) => res.writeHead(204).end());
    const stream = new ResponseStream();
    await forwarderOf([port]).streamed(restEvent(), stream, contextOf(5_000));
    assert.equal(stream.answer.head?.statusCode, 204);
    assert.equal(stream.answer.body.length, 0);
  });

  it("may be larger than 6 MB", async () => {
    const bytes = Buffer.alloc(8 * 1_048_576, "a");
    const port = await httpServer((_req, res) => res.end(bytes));
    const stream = new ResponseStream();
    await forwarderOf([port]).streamed(restEvent(), stream, contextOf(5_000));
    assert.ok(stream.answer.body.equals(bytes));
  });

  it("of a refusal are status and JSON", async () => {
    const stream = new ResponseStream();
    await forwarderOf([]).streamed(restEvent({ path: "/../x" }), stream, contextOf(5_000));
    await once(stream, "finish");
    assert.equal(stream.answer.head?.statusCode, 400);
    assert.equal(JSON.parse(stream.answer.body.toString()).code, "invalid_path");
    const late = new ResponseStream();
    const { port } = await rawServer(() => {});
    await forwarderOf([port]).streamed(restEvent(), late, contextOf(700));
    assert.equal(late.answer.head?.statusCode, 504);
  });

  it("end with an error, never as if they were whole, when the rest does not arrive", async () => {
    const head = "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nab";
    const cut = await rawServer((socket) => socket.end(head));
    const slow = await rawServer((socket) => socket.write(head));
    for (const { port } of [cut, slow]) {
      const stream = new ResponseStream();
      const started = performance.now();
      await assert.rejects(forwarderOf([port]).streamed(restEvent(), stream, contextOf(1_000)));
      assert.ok(performance.now() - started < 1_000);
      assert.ok(stream.destroyed && !stream.writableFinished);
    }
  });

  it("end the request to the server when the client goes away", async () => {
    let closed = false;
    const port = await httpServer((_req, res) => {
      res.write("a");
      res.once("close", () => {
        closed = true;
      });
    });
    const stream = new ResponseStream();
    const done = forwarderOf([port]).streamed(restEvent(), stream, contextOf(5_000));
    while (stream.answer.body.length < 1) await new Promise((resolve) => setTimeout(resolve, 5));
    stream.destroy();
    await assert.rejects(done);
    while (!closed) await new Promise((resolve) => setTimeout(resolve, 5));
  });
});
