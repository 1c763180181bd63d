import assert from "node:assert/strict";
import { request } from "node:http";
import { PassThrough, Readable } from "node:stream";
import { FunctionFailure } from "../../../../local/local-compute";
import { serve, stopAll } from "../http/helpers/running";
import { streamingUri } from "./helpers/planned";
import { runningRest, stopGateways } from "./helpers/running";

const streaming = { responseTransferMode: "STREAM" } as const;
const resources = { "/a": { GET: { uri: streamingUri, integration: streaming } } };
const head = (fields: object) => Buffer.concat([Buffer.from(JSON.stringify(fields)), Buffer.alloc(8)]);

/** Sends a request, and returns the answer with the parts of its body as they arrive. */
function open(
  url: string,
): Promise<{ status: number; headers: any; next(): Promise<string>; ended: Promise<boolean> }> {
  return new Promise((resolve, reject) => {
    request(url, (answer) => {
      const parts: string[] = [];
      let wake = () => {};
      answer.on("data", (chunk) => {
        parts.push(String(chunk));
        wake();
      });
      const next = async () => {
        while (parts.length === 0) await new Promise<void>((resume) => (wake = resume));
        return parts.shift()!;
      };
      const ended = new Promise<boolean>((settle) => {
        answer.once("end", () => settle(true)).once("error", () => settle(false));
      });
      resolve({ status: answer.statusCode!, headers: answer.headers, next, ended });
    })
      .once("error", reject)
      .end();
  });
}

describe("REST gateway: streamed answers", () => {
  afterEach(async () => {
    await stopGateways();
    await stopAll();
  });

  it("of functions pass on each part when it comes, after status and headers", async () => {
    const { url, compute } = await runningRest({ resources });
    const parts = new PassThrough();
    compute.parts = () => parts;
    const whole = head({ statusCode: 201, headers: { "x-a": "b" } });
    parts.write(whole.subarray(0, 10));
    setTimeout(() => parts.write(Buffer.concat([whole.subarray(10), Buffer.from("one")])), 20);
    const { status, headers, next, ended } = await open(`${url}/test/a`);
    assert.deepEqual([status, headers["x-a"], headers["transfer-encoding"]], [201, "b", "chunked"]);
    assert.equal(await next(), "one");
    parts.write("two");
    assert.equal(await next(), "two");
    parts.end();
    assert.equal(await ended, true);
  });

  for (const [what, parts] of [
    ["do not begin with status and headers", () => Readable.from([Buffer.from('{"statusCode":200}')])],
    ["begin with what is no JSON", () => Readable.from([Buffer.concat([Buffer.from("no"), Buffer.alloc(8)])])],
    ["fail at once", () => failing()],
  ] as const) {
    it(`of functions that ${what} are answered 502`, async () => {
      const { get, compute } = await runningRest({ resources });
      compute.parts = parts;
      const { status, text } = await get("/a");
      assert.deepEqual([status, text], [502, '{"message": "Internal server error"}']);
    });
  }

  it("of functions that fail later close the client's connection, so that a part is not taken for the whole", async () => {
    const { url, compute } = await runningRest({ resources });
    const parts = new PassThrough();
    compute.parts = () => parts;
    parts.write(Buffer.concat([head({ statusCode: 200 }), Buffer.from("one")]));
    const { next, ended } = await open(`${url}/test/a`);
    assert.equal(await next(), "one");
    parts.destroy(new FunctionFailure("error", "f: Error"));
    assert.equal(await ended, false);
  });

  it("of endpoints pass on each part when it comes", async () => {
    let more = () => {};
    const { origin } = await serve((_req, res) => {
      res.writeHead(200, { "content-type": "text/plain" });
      res.write("one");
      more = () => void res.end("two");
    });
    const endpoint = { type: "HTTP_PROXY", httpMethod: "GET", uri: `${origin}/x`, integration: streaming } as const;
    const { url } = await runningRest({ resources: { "/a": { GET: endpoint } } });
    const { next, ended, headers } = await open(`${url}/test/a`);
    assert.equal(headers["content-type"], "text/plain");
    assert.equal(await next(), "one");
    more();
    assert.equal(await next(), "two");
    assert.equal(await ended, true);
  });
});

function failing(): Readable {
  const stream = new PassThrough();
  setImmediate(() => stream.destroy(new FunctionFailure("error", "f: Error")));
  return stream;
}
