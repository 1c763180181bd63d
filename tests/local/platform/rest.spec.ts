import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as apigateway from "@pulumi/aws/apigateway";
import * as apigatewayv2 from "@pulumi/aws/apigatewayv2";
import * as lambda from "@pulumi/aws/lambda";
import * as route53 from "@pulumi/aws/route53";
import * as pulumi from "@pulumi/pulumi";
import { type RunningPlatform, startPlatform } from "../../../local/platform";
import { standIn } from "../helpers/artifact";
import { addApi, addFunction, addNames, addTable, plan, type Region } from "../helpers/program";

const artifact = standIn({
  "handler.cjs": `
exports.handler = async (event) => ({
  statusCode: 200,
  body: JSON.stringify({ path: event.path ?? event.rawPath, domain: event.requestContext.domainName, stage: event.requestContext.stage }),
});`,
});
const stateDir = mkdtempSync(join(tmpdir(), "state-"));
const name = "rest.api.example.com";

after(() => {
  artifact.remove();
  rmSync(stateDir, { recursive: true, force: true });
});

/** A REST API of one function, reached by its domain name only. */
function addRestApi({ opts }: Region, uri: pulumi.Input<string>): void {
  const body = pulumi.jsonStringify({
    openapi: "3.0.1",
    info: { title: "test", version: "1" },
    paths: {
      "/b/{proxy+}": {
        "x-amazon-apigateway-any-method": {
          responses: {},
          "x-amazon-apigateway-integration": { type: "aws_proxy", httpMethod: "POST", uri },
        },
      },
    },
  });
  const api = new apigateway.RestApi("rest", { body, disableExecuteApiEndpoint: true }, opts);
  const deployment = new apigateway.Deployment("rest-deployment", { restApi: api.id }, opts);
  const stage = new apigateway.Stage(
    "rest-stage",
    { restApi: api.id, deployment: deployment.id, stageName: "live" },
    opts,
  );
  const domainNameConfiguration = { certificateArn: "arn:c", endpointType: "REGIONAL", securityPolicy: "TLS_1_2" };
  const domain = new apigatewayv2.DomainName("rest-name", { domainName: name, domainNameConfiguration }, opts);
  new apigatewayv2.ApiMapping("rest-map", { apiId: api.id, domainName: domain.id, stage: stage.stageName }, opts);
  const { targetDomainName, hostedZoneId } = domain.domainNameConfiguration;
  const aliases = [{ name: targetDomainName, zoneId: hostedZoneId, evaluateTargetHealth: true }];
  new route53.Record("rest-record", { name, type: "A", zoneId: "Z1", aliases }, opts);
}

describe("platform with a REST API", function () {
  this.timeout(60_000);
  let platform: RunningPlatform;

  before(async () => {
    const index = await plan(artifact.folder, (region) => {
      addTable(region);
      const alias = addFunction(region);
      const permission = { action: "lambda:InvokeFunction", principal: "apigateway.amazonaws.com" };
      const { functionName, name: qualifier } = alias;
      new lambda.Permission("permission", { ...permission, function: functionName, qualifier }, region.opts);
      addNames(region, addApi(region, { b: { invoke: alias.invokeArn } }).id);
      addRestApi(region, alias.invokeArn);
    });
    platform = await startPlatform({ graph: index.graph, stateDir, timeScale: 100, log: () => {} });
  });

  after(() => platform.stop());

  async function get(url: string, host?: string): Promise<{ status: number; json: any }> {
    const answer: any = await new Promise((resolve, reject) => {
      request(url, { agent: false, ...(host && { headers: { host } }) }, resolve)
        .once("error", reject)
        .end();
    });
    let text = "";
    for await (const chunk of answer) text += chunk;
    return { status: answer.statusCode, json: JSON.parse(text) };
  }

  it("answers its name at the one address, in any case, and the HTTP API every other request", async () => {
    const { global } = platform.endpoints;
    for (const host of [name, "REST.api.example.com:80"]) {
      const { status, json } = await get(`${global}/b/x`, host);
      assert.deepEqual(
        [status, json.path, json.stage, json.domain],
        [200, "/b/x", "live", host.toLowerCase().split(":")[0]],
      );
    }
    const { json } = await get(`${global}/b/x`);
    assert.deepEqual([json.path, json.stage], ["/b/x", "$default"]);
    assert.equal((await get(`${global}/other`, name)).json.message, "Missing Authentication Token");
    assert.equal((await get(`${global}/other`)).json.message, "Not Found");
  });

  it("has its gateway in the endpoints, where a loopback address stands for its name", async () => {
    const { rest, http } = platform.endpoints.regions["eu-west-1"]!;
    assert.notEqual(rest, http);
    const { status, json } = await get(`${rest}/b/x`);
    assert.deepEqual([status, json.stage], [200, "live"]);
    assert.equal(platform.state().names[name], "eu-west-1");
    assert.equal(platform.state().global.name, "api.example.com");
  });
});
