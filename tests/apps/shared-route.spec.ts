import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import * as z from "zod";
import { type App, serviceApp } from "../../apps/kit/app";
import { defineService, readThrottle } from "../../apps/kit/contract";
import { eventHandler } from "../../apps/kit/lambda";
import { legacyShare, sideOf } from "../../apps/kit/legacy-share";
import { createLogger } from "../../apps/kit/log";
import { itemId } from "../../apps/kit/schemas";

const service = defineService({
  name: "old",
  title: "Old",
  port: 8090,
  table: { hashKey: "id", indexes: [] },
  routes: {
    "get-rate": {
      ...{ method: "GET", path: "/old/rates/{id}", summary: "Reads a rate", access: "open", throttle: readThrottle },
      answer: z.strictObject({ id: itemId }),
      legacy: {},
    },
    "put-rate": {
      ...{ method: "PUT", path: "/old/rates/{id}", summary: "Stores a rate", access: "write", throttle: readThrottle },
      body: z.strictObject({ cents: z.int() }),
      answer: z.strictObject({ subject: z.string() }),
      legacy: {},
    },
  },
});

describe("a route that the service shares with an endpoint outside", () => {
  const lines: string[] = [];
  const received: { req: IncomingMessage; body: string }[] = [];
  let endpoint: Server;
  let url: string;
  let answerWith: (req: IncomingMessage, res: import("node:http").ServerResponse) => void;
  before(async () => {
    endpoint = createServer((req, res) => {
      let body = "";
      req
        .on("data", (chunk) => (body += chunk))
        .on("end", () => {
          received.push({ req, body });
          answerWith(req, res);
        });
    });
    await new Promise<void>((resolve) => endpoint.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}/legacy/{id}`;
  });
  beforeEach(() => {
    received.length = 0;
    lines.length = 0;
    answerWith = (_, res) => void res.writeHead(201, { "content-type": "text/plain", "x-own": "1" }).end("old");
  });
  after(() => void endpoint.close());

  function appWith(servicePercent: number, more: { url?: string; requestTimeoutSeconds?: number } = {}): App {
    const log = createLogger({ service: "old", write: (line) => lines.push(line) });
    const share = { url: more.url ?? url, servicePercent };
    return serviceApp(
      service,
      { items: {} as never, log, shareOf: () => share, requestTimeoutSeconds: more.requestTimeoutSeconds ?? 5 },
      {
        "get-rate": async ({ params }: { params: any }) => ({ id: params.id }),
        "put-rate": async ({ subject }) => ({ subject: subject ?? "none" }),
      },
    );
  }
  const get = (app: App, address: string, headers: object = {}) =>
    app.request("/old/rates/a?x=1&x=2", { headers: { forwarded: `for=${address};host=a.example`, ...headers } });
  const addresses = Array.from({ length: 400 }, (_, i) => `192.0.2.${i % 256}-${i}`);
  const [old = "", own = ""] = [
    addresses.find((each) => sideOf("get-rate", each, 10) === "legacy"),
    addresses.find((each) => sideOf("get-rate", each, 10) === "service"),
  ];

  it("is answered by the service for about its part of the callers, each of whom stays where it is", async () => {
    const app = appWith(10);
    // One after the other: 400 at once take longer than a request has on a busy machine.
    const sidesOf = async () => {
      const sides: (string | null)[] = [];
      for (const each of addresses) sides.push((await get(app, each)).headers.get("x-answered-by"));
      return sides;
    };
    const sides = await sidesOf();
    const count = sides.filter((side) => side === "service").length;
    assert.ok(count >= 20 && count <= 65, String(count));
    assert.deepEqual(await sidesOf(), sides);
  });

  it("moves callers to the service and none back when its part grows", () => {
    for (const each of addresses) {
      let seen = "legacy";
      for (const percent of [1, 10, 25, 50, 75, 99]) {
        const side = sideOf("get-rate", each, percent);
        assert.ok(seen === "legacy" || side === "service", each);
        seen = side;
      }
    }
  });

  it("says by whom a request was answered, in its log and in the answer", async () => {
    for (const [address, side] of [
      [old, "legacy"],
      [own, "service"],
    ] as const) {
      const { headers } = await get(appWith(10), address);
      assert.equal(headers.get("x-answered-by"), side);
      assert.equal(JSON.parse(lines.at(-1)!).answeredBy, side);
      assert.equal(JSON.parse(lines.at(-1)!).route, "/old/rates/{id}");
    }
  });

  it("passes a request on as it is, without what only a gateway may set, and the answer too", async () => {
    const app = appWith(10);
    const answer = await get(app, old, {
      ...{ "x-request-id": "r-1", authorization: "Bearer t", "x-subject": "root", "x-tenant-id": "acme" },
      ...{ connection: "close", host: "evil.example", "x-forwarded-host": "evil.example", accept: "text/plain" },
    });
    assert.deepEqual([answer.status, await answer.text(), answer.headers.get("x-own")], [201, "old", "1"]);
    const [{ req }] = received as [(typeof received)[number]];
    assert.equal(req.url, "/legacy/a?x=1&x=2");
    const { host, accept, authorization, ...headers } = req.headers;
    assert.equal(host, new URL(url).host);
    assert.deepEqual([accept, authorization, headers["x-request-id"]], ["text/plain", "Bearer t", "r-1"]);
    for (const name of ["x-subject", "x-tenant-id", "x-forwarded-host", "forwarded"]) {
      assert.equal(headers[name], undefined, name);
    }
  });

  it("goes by the subject where a token is verified, and not by the address", async () => {
    const subject = addresses.find((each) => sideOf("put-rate", each, 50) === "service")!;
    const put = (address: string) =>
      appWith(50).request("/old/rates/a", {
        ...{ method: "PUT", body: '{"cents":1}' },
        headers: { "content-type": "application/json", "x-subject": subject, forwarded: `for=${address}` },
      });
    for (const address of addresses.slice(0, 20)) {
      const answer = await put(address);
      assert.deepEqual([answer.status, await answer.json()], [200, { subject }]);
    }
  });

  it("passes a body on", async () => {
    const subject = addresses.find((each) => sideOf("put-rate", each, 50) === "legacy")!;
    await appWith(50).request("/old/rates/a%20b", {
      ...{ method: "PUT", body: '{"anything":1}' },
      headers: { "content-type": "application/json", "x-subject": subject },
    });
    assert.deepEqual(
      [received[0]!.req.method, received[0]!.req.url, received[0]!.body],
      ["PUT", "/legacy/a%20b", '{"anything":1}'],
    );
  });

  it("passes a redirect on, and follows none", async () => {
    answerWith = (_, res) => void res.writeHead(302, { location: "https://evil.example/" }).end();
    const answer = await get(appWith(10), old);
    assert.deepEqual(
      [answer.status, answer.headers.get("location"), received.length],
      [302, "https://evil.example/", 1],
    );
  });

  it("answers 503 where the endpoint does not answer, breaks off or is late, and still answers the service's callers", async () => {
    const unreachable = appWith(10, { url: "http://127.0.0.1:9/x" });
    const refused = await get(unreachable, old);
    assert.deepEqual([refused.status, ((await refused.json()) as any).code], [503, "legacy_unavailable"]);
    assert.equal((await get(unreachable, own)).status, 200);
    answerWith = (req) => void req.socket.destroy();
    assert.equal((await get(appWith(10), old)).status, 503);
    answerWith = () => undefined;
    assert.equal((await get(appWith(10, { requestTimeoutSeconds: 0.2 }), old)).status, 503);
  });

  it("answers 502 to more than an answer may have", async () => {
    answerWith = (_, res) => void res.end(Buffer.alloc(5_000_001));
    assert.equal((await get(appWith(10), old)).status, 502);
  });

  it("goes by the address in a function's event, and by no header", async () => {
    const handler = eventHandler(appWith(10));
    const ask = async (sourceIp: string) => {
      const event = {
        ...{ version: "2.0", rawPath: "/old/rates/a", rawQueryString: "", headers: { forwarded: `for=${own}` } },
        requestContext: { stage: "$default", requestId: "r", http: { method: "GET", path: "/old/rates/a", sourceIp } },
      };
      return (await handler(event as never)) as { headers: Record<string, string> };
    };
    assert.equal((await ask(old)).headers["x-answered-by"], "legacy");
    assert.equal((await ask(own)).headers["x-answered-by"], "service");
  });

  it("is told by two variables, and refused in one sentence with one of them or no percentage", () => {
    const env = { LEGACY_URL_GET_RATE: "https://legacy.example.com", SERVICE_PERCENT_GET_RATE: "10" };
    assert.deepEqual(legacyShare("old", env, "get-rate"), { url: "https://legacy.example.com", servicePercent: 10 });
    assert.equal(legacyShare("old", env, "put-rate"), undefined);
    for (const percent of [undefined, "", "0", "100", "1.5", "x"]) {
      assert.throws(
        () => legacyShare("old", { ...env, SERVICE_PERCENT_GET_RATE: percent }, "get-rate"),
        /SERVICE_PERCENT_GET_RATE a whole number from 1 to 99, got/,
      );
    }
  });
});
