import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { catalog } from "../../../apps/catalog";
import { planStack } from "../../../graph/plan";
import { signIn } from "../../../local/cognito/sign-in";
import { startPlatform } from "../../../local/platform";
import { Parameters } from "../../../local/ssm/parameters";
import { changedValues } from "../../helpers/configuration";

/** A running platform of dev, with what its services ask outside it on this machine too. */
export interface DocumentedPlatform {
  /** The one address for clients. */
  readonly url: string;
  /** A token with every scope. */
  readonly token: string;
  stop(): Promise<void>;
}

/** Runs dev behind its HTTP API. No route refuses a request for its rate, so that each is answered by its service. */
export async function startDocumented(): Promise<DocumentedPlatform> {
  const stateDir = mkdtempSync(join(tmpdir(), "platform-openapi-"));
  const outside = createServer((_request, response) => {
    response.writeHead(200, { "content-type": "application/json" }).end('{"status":"on its way"}');
  });
  const origin = await listen(outside);
  new Parameters(stateDir).write("/platform/dev/shipping/CARRIER_KEY", "key-of-the-carrier");
  const throttle = { rate: 5_000, burst: 5_000 };
  const config = changedValues("dev", ({ services }) => {
    for (const { name, routes, legacyRoutes, workRoutes } of Object.values(catalog)) {
      const changes = [...routes, ...legacyRoutes, ...workRoutes].map(({ id }) => [id, { throttle }]);
      services[name].routes = Object.fromEntries(changes);
    }
    services.shipping.variables = { CARRIER_URL: origin };
  });
  const graph = await planStack("dev", { config });
  const legacyOrigins = { "https://legacy.example.com": origin };
  const platform = await startPlatform({ graph, stateDir, legacyOrigins, log: () => {} });
  const { accessToken } = await signIn({ issuerUrl: platform.endpoints.issuer, user: "ada", groups: "all" });
  return {
    url: platform.endpoints.global,
    token: accessToken,
    stop: async () => {
      await platform.stop();
      outside.close();
      rmSync(stateDir, { recursive: true, force: true });
    },
  };
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
