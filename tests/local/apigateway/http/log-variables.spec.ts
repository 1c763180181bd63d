import assert from "node:assert/strict";
import { FunctionFailure } from "../../../../local/local-compute";
import { running, serve, stopAll, viaDiscovery } from "./helpers/running";

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html lists every variable. */
describe("gateway: log variables", () => {
  afterEach(stopAll);

  /** Values of variables in the log line of one request. */
  async function logged(names: readonly string[], to: "function" | "discovery", fail?: FunctionFailure) {
    const { origin } = await serve((req, res) => {
      req
        .resume()
        .once("end", () => res.writeHead(404, { "x-amzn-requestid": "r-1", "x-amz-id-2": "h-1" }).end("1234"));
    });
    const format = names.map((name) => `$context.${name}`).join(" ");
    const stage = { accessLogSettings: { destinationArn: "arn:log", format } };
    const gateway = await running({ routes: [{ key: "POST /a", to }], stage }, viaDiscovery(origin));
    gateway.compute.result = () => {
      if (fail) throw fail;
      return { statusCode: 403, body: "no" };
    };
    await gateway.send("POST", "/a", { body: "abc" });
    for (let i = 0; gateway.access.length === 0 && i < 100; i++) await new Promise((resolve) => setTimeout(resolve, 5));
    return gateway.access[0]?.split(" ");
  }

  const statuses = ["status", "integration.status", "integration.integrationStatus", "integrationStatus"];

  it("tell a function's status from that of its invocation", async () => {
    assert.deepEqual(await logged(statuses, "function"), ["403", "403", "200", "200"]);
    assert.deepEqual(await logged(statuses, "function", new FunctionFailure("throttled", "x")), [
      ...["503", "-", "429", "429"],
    ]);
  });

  it("have a server's status everywhere", async () => {
    assert.deepEqual(await logged(statuses, "discovery"), ["404", "404", "404", "404"]);
  });

  it("have the ids that an AWS service answers with, and the bytes of both ways", async () => {
    const names = ["awsEndpointRequestId", "awsEndpointRequestId2", "integration.requestId", "dataProcessed"];
    assert.deepEqual(await logged(names, "discovery"), ["r-1", "h-1", "r-1", "7"]);
  });

  it("say why the gateway itself refused", async () => {
    const names = ["error.responseType", "integration.error", "integrationErrorMessage", "error.message"];
    assert.deepEqual(await logged(names, "function", new FunctionFailure("error", "x")), [
      ...["API_CONFIGURATION_ERROR", "error", "error", "Internal", "Server", "Error"],
    ]);
    assert.deepEqual(await logged(["error.messageString", "error.responseType"], "function"), ["-", "-"]);
  });

  it("of other kinds of authorizers, domains and certificates are known and empty", async () => {
    const names = ["accountId", "caller", "cognitoIdentityId", "principalOrgId", "user", "userArn"];
    const empty = [
      ...names.map((name) => `identity.${name}`),
      ...["authorizer.principalId", "authorizer.tenant", "customDomain.basePathMatched"],
      ...["identity.clientCert.subjectDN", "identity.clientCert.validity.notAfter"],
    ];
    assert.deepEqual(await logged(empty, "function"), Array(empty.length).fill("-"));
  });
});
