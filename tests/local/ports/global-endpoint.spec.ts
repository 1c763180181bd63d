import assert from "node:assert/strict";
import { createServer } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { arrivalMilliseconds, type createGatewayServer } from "../../../local/apigateway/http-server";
import { GlobalEndpoint } from "../../../local/ports/global-endpoint";

describe("the one address for clients", () => {
  const sockets: Socket[] = [];
  let endpoint: GlobalEndpoint;
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await endpoint.stop();
  });

  function create(arrival?: number): GlobalEndpoint {
    endpoint = new GlobalEndpoint({
      names: new Set(),
      // Reads the body and never answers, as a gateway does that waits for the rest of it.
      resolve: () => ({ host: "api.example.com", gateway: { handle: (req: any) => req.resume() } as any }),
      console: () => false,
      ...(arrival === undefined ? {} : { arrivalMilliseconds: arrival }),
    });
    return endpoint;
  }

  it("answers 408 to a body that does not arrive in time, in the gateway's words", async () => {
    const url = await create(300).listen(0);
    const socket = connect(Number(new URL(url).port), "127.0.0.1");
    sockets.push(socket);
    socket.write("PUT /a HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 10\r\n\r\nhalf");
    let text = "";
    for await (const data of socket) text += data;
    assert.match(text, /^HTTP\/1\.1 408 Request Timeout\r\ncontent-type: application\/json/);
    assert.match(text, /\{"message":"Request Timeout"\}$/);
  });

  it("waits for a body as long as the gateway of a region", () => {
    const { server } = create() as unknown as { server: ReturnType<typeof createGatewayServer> };
    assert.equal(arrivalMilliseconds, 60_000);
    assert.deepEqual([server.requestTimeout, server.headersTimeout], [arrivalMilliseconds, arrivalMilliseconds]);
  });

  it("takes a free port when the preferred one is in use, and refuses one that was asked for", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const { port } = other.address() as AddressInfo;
    try {
      await assert.rejects(create().listen(port), {
        name: "UserError",
        message: `port ${port} is in use; stop what uses it, or choose another`,
      });
      assert.notEqual(new URL(await create().listen(port, true)).port, String(port));
    } finally {
      other.close();
    }
  });
});
