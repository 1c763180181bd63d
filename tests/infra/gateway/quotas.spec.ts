import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import type { RouteSpec, ServiceSpec } from "../../../infra/contract/service";
import { accessLogFormat } from "../../../infra/gateway/http/access-log";
import { permissionBytes } from "../../../infra/gateway/permission-size";
import * as quotas from "../../../infra/gateway/quotas";
import { restAccessLogFormat } from "../../../infra/gateway/rest/access-log";
import { restDefinition } from "../../../infra/gateway/rest/definition";
import { refuseTooLarge } from "../../../infra/gateway/rest/definition-quotas";
import { fitting } from "../../../infra/gateway/within-quota";
import { timeouts } from "../../../infra/traffic/timeouts";

const { restQuotas, httpQuotas, functionQuotas } = quotas;

/** Values of a list, each made from its number. */
const many = <T>(count: number, make: (i: number) => [string, T]) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => make(i)));
const integration = (value: object) => ({ "/a": { get: { "x-amazon-apigateway-integration": value } } });
const authorizer = { type: "apiKey", "x-amazon-apigateway-authorizer": { type: "request" } };
const text = (bytes: number) => "x".repeat(bytes);

/** Documents that are at a quota, and what one more of it makes of them. */
const limits: Readonly<Record<string, { make: (count: number) => object; most: number; says: string }>> = {
  resources: {
    make: (count) => ({ paths: many(count - 1, (i) => [`/a${i}`, {}]) }),
    most: 300,
    says: "REST API: resources (nodes of the tree of paths) of an API must be at most 300, which AWS takes, got 301; put services on another API, or ask AWS for more",
  },
  authorizers: {
    make: (count) => ({ components: { securitySchemes: many(count, (i) => [`scheme${i}`, authorizer]) } }),
    most: 10,
    says: "REST API: authorizers of an API must be at most 10, which AWS takes, got 11; let routes share authorizers",
  },
  models: {
    make: (count) => ({ components: { schemas: { A: text(count - '{"A":""}'.length) } } }),
    most: 409_600,
    says: "REST API: models of an API together must be at most 409600 bytes, which AWS takes, got 409601; make the schemas of request bodies smaller",
  },
  policy: {
    make: (count) => ({ "x-amazon-apigateway-policy": { Sid: text(count - '{"Sid":""}'.length) } }),
    most: 8_192,
    says: "REST API: resource policy must be at most 8192 characters, which AWS takes, got 8193; name fewer principals and resources",
  },
  "template of a request": {
    make: (count) => ({ paths: integration({ requestTemplates: { "application/json": text(count) } }) }),
    most: 307_200,
    says: "REST API, GET /a: mapping template must be at most 307200 bytes, which AWS takes, got 307201; let the service make the answer",
  },
  "template of an answer": {
    make: (count) => ({
      paths: integration({ responses: { default: { responseTemplates: { "application/json": text(count) } } } }),
    }),
    most: 307_200,
    says: "REST API, GET /a: mapping template must be at most 307200 bytes, which AWS takes, got 307201; let the service make the answer",
  },
  "template of a gateway response": {
    make: (count) => ({
      "x-amazon-apigateway-gateway-responses": {
        THROTTLED: { responseTemplates: { "application/json": text(count) } },
      },
    }),
    most: 307_200,
    says: "REST API, gateway response THROTTLED: mapping template must be at most 307200 bytes, which AWS takes, got 307201; let the service make the answer",
  },
  "timeout of an answer in one piece": {
    make: (count) => ({ paths: integration({ timeoutInMillis: count, responseTransferMode: "BUFFERED" }) }),
    most: 29_000,
    says: "REST API, GET /a: integration timeout, answers in one piece must be at most 29000 ms, which AWS takes, got 29001; shorten it, or stream the answer",
  },
  "timeout of a streamed answer": {
    make: (count) => ({ paths: integration({ timeoutInMillis: count, responseTransferMode: "STREAM" }) }),
    most: 900_000,
    says: "REST API, GET /a: integration timeout, streamed answers must be at most 900000 ms, which AWS takes, got 900001; shorten it, or stream the answer",
  },
  "whole document": {
    make: (count) => ({ info: text(count - '{"info":""}'.length) }),
    most: 6_291_456,
    says: "REST API: OpenAPI document of an import must be at most 6291456 bytes, which AWS takes, got 6291457; put services on another API",
  },
};

describe("quotas of gateways", () => {
  const all = Object.values(quotas).flatMap((group) => Object.values<quotas.Quota>(group));

  it("each have a value, a page of AWS and the day on which it was read", () => {
    assert.ok(all.length > 50, String(all.length));
    for (const { what, value, source, read } of all) {
      assert.ok(Number.isInteger(value) && value > 0, what);
      assert.match(source, /^https:\/\/docs\.aws\.amazon\.com\//, what);
      assert.match(read, /^20\d\d-\d\d-\d\d$/, what);
    }
  });

  for (const [name, { make, most, says }] of Object.entries(limits)) {
    it(`admit a document at the limit of its ${name}, and refuse one beyond it in a sentence`, () => {
      refuseTooLarge(make(most));
      assert.throws(() => refuseTooLarge(make(most + 1)), { message: says });
    });
  }

  it("leave out what only a deployment knows", () => {
    refuseTooLarge({ paths: integration({ uri: pulumi.output("arn"), timeoutInMillis: 15_000 }) });
  });

  it("refuse the document of a program whose schemas exceed them, before its first resource", () => {
    const put: RouteSpec = {
      id: "put-pet",
      method: "PUT",
      path: "/pet-store/pets/{id}",
      scopes: [],
      throttle: { rate: 1, burst: 1 },
      body: { type: "string", description: text(restQuotas.models.value) },
    };
    const service = {
      name: "pet-store",
      routes: [put],
      legacyRoutes: [],
      gatewayRoutes: [],
      workRoutes: [],
    } as unknown as ServiceSpec;
    const define = () =>
      restDefinition({
        title: "Pets",
        services: [service],
        backends: {
          "pet-store": {
            kind: "function",
            functionArn: "f",
            aliasArn: "f:live",
            invokeArn: "i",
            streamingAliasArn: "s",
          },
        },
        integrations: { link: { id: "link", securityGroupId: "sg-1" } },
        authorizer: { kind: "user-pool", userPoolArn: "arn" },
        corsOrigins: [],
      });
    assert.throws(define, /^Error: REST API: models of an API together must be at most 409600 bytes/);
  });

  it("have room for the access logs, the timeouts, and the permissions of some routes", () => {
    assert.ok(restAccessLogFormat.length < restQuotas.logFormat.value);
    assert.ok(accessLogFormat.length < httpQuotas.logFormat.value);
    assert.ok(timeouts.integrationMilliseconds <= Math.min(restQuotas.timeout.value, httpQuotas.timeout.value));
    const bytes = permissionBytes({ method: "DELETE", path: "/pet-store/pets/{id}/health-records/{name}" });
    assert.ok(functionQuotas.policy.value / bytes > 30, String(bytes));
    assert.throws(() => fitting(restQuotas.logFormat, text(3_073), { subject: "REST API", fix: "leave fields out" }), {
      message: "REST API: access log format must be at most 3072 bytes, which AWS takes, got 3073; leave fields out",
    });
  });
});
