import { fork } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { performance } from "node:perf_hooks";
import { Pool } from "undici";
import type { HttpApiModel } from "../local/apigateway/http/api-model";
import { startGateway } from "../local/apigateway/http/server";

/**
 * Requests per second straight to a server and through the gateway in front of it, in one run on loopback, each in a
 * process of its own. `npx ts-node bench/gateway.ts [seconds]`.
 */
const connections = 50;
const body = Buffer.from(JSON.stringify({ id: "42", name: "Crunchy bites" }));

if (process.send) void runChild();
else void main(Number(process.argv[2] ?? 5));

async function main(seconds: number): Promise<void> {
  const upstream = child("upstream");
  const upstreamUrl = await listening(upstream);
  const gateway = child("gateway", upstreamUrl);
  const gatewayUrl = await listening(gateway);
  try {
    await measure(upstreamUrl, 1);
    await measure(gatewayUrl, 1);
    const raw = await measure(upstreamUrl, seconds);
    const proxied = await measure(gatewayUrl, seconds);
    const percent = Math.round((100 * proxied) / raw);
    console.log(`upstream ${Math.round(raw)} req/s, through the gateway ${Math.round(proxied)} req/s (${percent} %)`);
  } finally {
    upstream.kill();
    gateway.kill();
  }
}

async function runChild(): Promise<void> {
  const [role, origin = ""] = process.argv.slice(2);
  const url = role === "gateway" ? await gatewayBefore(origin) : await upstreamServer();
  process.send?.(url);
}

async function upstreamServer(): Promise<string> {
  const headers = { "content-type": "application/json", "content-length": body.length };
  const server = createServer((_req, res) => res.writeHead(200, headers).end(body));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function gatewayBefore(origin: string): Promise<string> {
  const routes = Array.from({ length: 60 }, (_, i) => ({
    key: `GET /service-${i}/items/{id}`,
    authorization: undefined,
    integration: {
      kind: "private",
      uri: "",
      listenerPort: 80,
      method: undefined,
      timeoutMilliseconds: 15_000,
      mappings: [],
    },
  })) satisfies HttpApiModel["routes"];
  const limits = new Map(routes.map(({ key }) => [key, { rate: 1e9, burst: 1e9 }]));
  const logFormat = '{"id":"$context.requestId","status":$context.status,"latency":$context.responseLatency}';
  const stage = { name: "$default", logFormat, defaultLimit: undefined, limits, variables: undefined };
  const { url } = await startGateway({
    model: {
      apiId: "bench",
      accountId: "123456789012",
      endpointHost: "bench.execute-api.eu-west-1.amazonaws.com",
      endpointDisabled: true,
      domains: new Map(),
      cors: undefined,
      routes,
      stages: new Map([[stage.name, stage]]),
    },
    compute: {
      pickServer: () => ({ kind: "server", origin, via: "balancer", requestEnded: () => {} }),
      invoke: () => Promise.reject(new Error("no function")),
      invokeStreaming: () => {
        throw new Error("no function");
      },
    },
    port: 0,
    jwksUrl: String,
    log: console.error,
    accessLog: () => {},
  });
  return url;
}

async function measure(url: string, seconds: number): Promise<number> {
  const pool = new Pool(url, { connections, pipelining: 1 });
  const startedAt = performance.now();
  const until = startedAt + seconds * 1_000;
  let count = 0;
  const client = async () => {
    while (performance.now() < until) {
      const { statusCode, body: answer } = await pool.request({ path: "/service-30/items/42?x=1", method: "GET" });
      await answer.dump();
      if (statusCode !== 200) throw new Error(`status ${statusCode}`);
      count += 1;
    }
  };
  await Promise.all(Array.from({ length: connections }, client));
  const took = performance.now() - startedAt;
  await pool.close();
  return (count * 1_000) / took;
}

function child(...args: string[]) {
  return fork(__filename, args, { execArgv: ["-r", "ts-node/register/transpile-only"] });
}

function listening(process: ReturnType<typeof child>): Promise<string> {
  return new Promise((resolve, reject) => {
    process.once("message", (url) => resolve(String(url)));
    process.once("exit", (code) => reject(new Error(`exit code ${code}`)));
  });
}
