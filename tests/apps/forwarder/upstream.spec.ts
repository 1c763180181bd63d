import assert from "node:assert/strict";
import { Agent } from "node:http";
import { connect, type NetConnectOpts, Socket } from "node:net";
import { text } from "node:stream/consumers";
import { outgoingRequest } from "../../../apps/forwarder/event";
import { sendUpstream } from "../../../apps/forwarder/upstream";
import { closeServers, rawServer, restEvent, targets } from "./helpers";

describe("servers that cannot be reached", () => {
  afterEach(closeServers);

  it("are given up after a second for another one, and tried last from then on", async () => {
    const { port, received } = await rawServer((socket) =>
      socket.write("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"),
    );
    const agent = new Agent();
    // Packets to port 1 are lost.
    agent.createConnection = ((options: NetConnectOpts & { port: number }) =>
      options.port === 1 ? Object.assign(new Socket(), { connecting: true }) : connect(options)) as never;
    const failed: number[] = [];
    const instances = {
      of: async () => [1, port].map((each) => ({ address: "127.0.0.1", port: each })),
      failed: (instance: { readonly port: number }) => failed.push(instance.port),
    };
    const outgoing = outgoingRequest(restEvent({ httpMethod: "PUT", body: "x" }), targets, undefined);
    const started = performance.now();
    const deadline = Date.now() + 5_000;
    const answer = await sendUpstream(outgoing, { agent, instances, deadline, onFailure: () => {} });
    assert.equal(await text(answer), "ok");
    const ms = performance.now() - started;
    assert.ok(ms > 950 && ms < 2_500, `${ms} ms`);
    assert.deepEqual(failed, [1]);
    assert.equal(received.length, 1);
    agent.destroy();
  });
});
