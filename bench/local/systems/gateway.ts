import { createServer } from "node:http";
import { dirname } from "node:path";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import type { HttpApiModel } from "../../../local/apigateway/http/api-model";
import type { JwtAuthorizerModel, Route } from "../../../local/apigateway/http/api-routes";
import { startGateway } from "../../../local/apigateway/http/server";
import { FunctionPool } from "../../../local/lambda/function-pool";
import { writeLogLine } from "../../../local/log/line";
import { LogFile } from "../../../local/log/log-file";
import { Reaper } from "../../../local/processes/reaper";
import { TimeScale } from "../../../local/time-scale";
import { listening } from "./child";

/**
 * The local gateway of an HTTP API with 60 services, as the platform runs it: a JWT authorizer on each route, limits that
 * nothing meets, and the planned access log written to a file. Arguments: `proxy <upstream>` or `lambda`, and the log file.
 */
const issuer = "https://login.example.com/";
const scope = "bench/read";
const callers = 200;
const logFormat = JSON.stringify({
  requestId: "$context.requestId",
  ip: "$context.identity.sourceIp",
  method: "$context.httpMethod",
  route: "$context.routeKey",
  status: "$context.status",
  latency: "$context.responseLatency",
  subject: "$context.authorizer.claims.sub",
});

async function main(kind: string, upstream: string, logFile: string): Promise<void> {
  const { publicKey, privateKey } = await generateKeyPair("RS256");
  const jwk = { ...(await exportJWK(publicKey)), kid: "bench", alg: "RS256", use: "sig" };
  const keys = createServer((_req, res) => {
    res.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ keys: [jwk] }));
  });
  const keysUrl = await listening(keys);
  const log = LogFile.open(logFile, { onChange: console.error });
  const reaper = new Reaper();
  const pool = kind === "lambda" ? functionPool(reaper) : undefined;
  const { url } = await startGateway({
    model: model(kind),
    compute: {
      pickServer: () => ({ kind: "server", origin: upstream, via: "balancer", requestEnded: () => {} }),
      invoke: (_uri, event) => pool!.invoke(event),
      invokeStreaming: () => {
        throw new Error("nothing streams here");
      },
    },
    port: 0,
    jwksUrl: () => keysUrl,
    log: console.error,
    accessLog: (line) => log.add(writeLogLine("gateway eu-west-1", line)),
  });
  const tokens = Array.from({ length: callers }, (_, i) =>
    new SignJWT({ scope, client_id: "bench", token_use: "access" })
      .setProtectedHeader({ alg: "RS256", kid: "bench" })
      .setIssuer(issuer)
      .setSubject(`caller-${i}`)
      .setIssuedAt()
      .setExpirationTime("2h")
      .sign(privateKey),
  );
  process.send!({ url, tokens: await Promise.all(tokens) });
}

function functionPool(reaper: Reaper): FunctionPool {
  const spec = {
    ...{ aliasArn: "bench", invokeArn: "bench", functionName: "bench", service: "bench", region: "eu-west-1" },
    ...{ zones: ["eu-west-1a"], file: "answer.cjs", export: "handler", cwd: __dirname, env: {} },
    ...{ memoryMegabytes: 256, timeoutSeconds: 12, reservedConcurrency: 1_000 },
  };
  const overrides = () => ({});
  return new FunctionPool(spec, {
    ...{ root: dirname(__dirname), overrides, time: new TimeScale(), reaper },
    log: (source, line) => console.error(source, line),
  });
}

function model(kind: string): HttpApiModel {
  const authorizer: JwtAuthorizerModel = { kind: "jwt", header: "authorization", issuer, audiences: ["bench"] };
  const timeoutMilliseconds = 15_000;
  const integration: Route["integration"] =
    kind === "lambda"
      ? { kind: "function", uri: "bench", timeoutMilliseconds }
      : { kind: "private", uri: "", listenerPort: 80, method: undefined, timeoutMilliseconds, mappings: [] };
  const routes = Array.from(
    { length: 60 },
    (_, i): Route => ({
      key: `GET /service-${i}/items/{id}`,
      authorization: { authorizer, scopes: [scope] },
      integration,
    }),
  );
  const limits = new Map(routes.map(({ key }) => [key, { rate: 1e9, burst: 1e9 }]));
  const stage = { name: "$default", logFormat, defaultLimit: undefined, limits, variables: undefined };
  return {
    ...{ apiId: "bench", accountId: "123456789012", endpointHost: "bench.execute-api.eu-west-1.amazonaws.com" },
    ...{ endpointDisabled: true, domains: new Map(), cors: undefined, routes, stages: new Map([[stage.name, stage]]) },
  };
}

const [kind, upstream, logFile] = process.argv.slice(2);
void main(kind!, upstream!, logFile!);
