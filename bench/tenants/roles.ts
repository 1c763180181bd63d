import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Target } from "./client";
import type { Arrival } from "./settings";

/** What each process of the bench is. */
export type Role = "plan" | "platform" | "client" | "endpoint";

/** Answers the messages of the parent process, one answer each, until that ends. */
const roles: Readonly<Record<Role, () => Promise<(message: any) => unknown>>> = {
  /** Plans in a process of its own, as `npm start` does: Pulumi's SDK slows down every promise of a process. */
  async plan() {
    const { planForTenants } = await import("./plan.js");
    return planForTenants;
  },
  async platform() {
    const { TenantPlatform } = await import("./platform.js");
    const platform = new TenantPlatform();
    process.once("disconnect", () => void platform.stop().then(() => process.exit()));
    return (message) => platform.answer(message);
  },
  async client() {
    const { Client } = await import("./client.js");
    let client: InstanceType<typeof Client> | undefined;
    process.once("disconnect", () => process.exit());
    return (message: Target | readonly Arrival[]) => {
      if (!("tokens" in message)) return client!.run(message);
      client = new Client(message);
      return true;
    };
  },
  /** What the route leads to: it answers at once, so that only the gateway is measured. */
  async endpoint() {
    const body = JSON.stringify({ rates: [] });
    const headers = { "content-type": "application/json", "content-length": body.length };
    const server = createServer((_req, res) => res.writeHead(200, headers).end(body));
    // Longer than a gateway keeps a connection: a request on one that closes meanwhile would count as the gateway's failure.
    server.keepAliveTimeout = 120_000;
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    process.once("disconnect", () => process.exit());
    return () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  },
};

const answer = roles[process.argv[2] as Role]();
process.on("message", async (message) => process.send!(await (await answer)(message)));
