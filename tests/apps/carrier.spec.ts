import assert from "node:assert/strict";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { HttpError } from "../../apps/kit/errors";
import { carrierAt } from "../../apps/shipping/carrier";

/** Asks a carrier that answers so. */
async function trackedBy(listener: RequestListener, id = "s-1") {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    return await carrierAt({ variables: { CARRIER_URL: url }, secret: async () => "key" }).track(id);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const unavailable = (error: unknown) =>
  error instanceof HttpError && error.status === 503 && error.code === "carrier_unavailable";

describe("the carrier of shipping", () => {
  it("is asked with the key, and only what is known of its answer is passed on", async () => {
    const seen: unknown[] = [];
    const answer = await trackedBy(({ url, headers }, response) => {
      seen.push(url, headers.authorization);
      response.end('{"status":"delivered","place":"Bonn","key":"k"}');
    });
    assert.deepEqual(seen, ["/shipments/s-1", "Bearer key"]);
    assert.deepEqual(answer, { id: "s-1", status: "delivered", place: "Bonn" });
  });

  for (const [what, listener] of [
    ["an error", (_request, response) => response.writeHead(500).end()],
    ["another page", (_request, response) => response.writeHead(302, { location: "http://127.0.0.1:9/" }).end()],
    ["no JSON", (_request, response) => response.end("<html>")],
    ["no status", (_request, response) => response.end("{}")],
    ["too much", (_request, response) => response.end(`{"status":"${"x".repeat(70_000)}"}`)],
    ["nothing", (request) => request.socket.destroy()],
  ] as const satisfies (readonly [string, RequestListener])[]) {
    it(`answers 503 when it answers ${what}`, async () => {
      await assert.rejects(trackedBy(listener), unavailable);
    });
  }
});
