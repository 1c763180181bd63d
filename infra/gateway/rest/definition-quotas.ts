import * as pulumi from "@pulumi/pulumi";
import { restQuotas } from "../quotas";
import { refuseBeyond } from "../within-quota";
import { resourcesOf } from "./resource-tree";

const subject = "REST API";

/**
 * Refuses an OpenAPI document that is larger than API Gateway takes: in the plan, where an import would fail in the
 * middle of a deployment. Values that are known only after a deployment are left out: they are ARNs, ids and host names.
 * @param document  before it is written as JSON
 * @throws {Error} one sentence about the first quota that is exceeded
 */
export function refuseTooLarge(document: object): void {
  const known = knownPart(document) as Readonly<Record<string, any>>;
  const { schemas = {}, securitySchemes = {} } = known["components"] ?? {};
  refuseBeyond(restQuotas.resources, {
    subject,
    got: resourcesOf(Object.keys(known["paths"] ?? {})).length,
    fix: "put services on another API, or ask AWS for more",
  });
  refuseBeyond(restQuotas.authorizers, {
    subject,
    got: Object.values<any>(securitySchemes).filter((scheme) => "x-amazon-apigateway-authorizer" in scheme).length,
    fix: "let routes share authorizers",
  });
  refuseBeyond(restQuotas.models, {
    subject,
    got: bytesOf(schemas),
    fix: "make the schemas of request bodies smaller",
  });
  const policy = known["x-amazon-apigateway-policy"] ?? "";
  refuseBeyond(restQuotas.policy, { subject, got: textOf(policy).length, fix: "name fewer principals and resources" });
  for (const [path, item] of Object.entries<any>(known["paths"] ?? {})) {
    for (const [method, operation] of Object.entries<any>(item)) {
      refuseIntegration(`${method.toUpperCase()} ${path}`, operation["x-amazon-apigateway-integration"] ?? {});
    }
  }
  for (const [kind, answer] of Object.entries<any>(known["x-amazon-apigateway-gateway-responses"] ?? {})) {
    refuseTemplates(`gateway response ${kind}`, answer.responseTemplates);
  }
  refuseBeyond(restQuotas.definition, { subject, got: bytesOf(known), fix: "put services on another API" });
}

function refuseIntegration(route: string, integration: Readonly<Record<string, any>>): void {
  const { timeoutInMillis = 0, responseTransferMode, requestTemplates, responses = {} } = integration;
  refuseBeyond(responseTransferMode === "STREAM" ? restQuotas.streamTimeout : restQuotas.timeout, {
    subject: `${subject}, ${route}`,
    got: timeoutInMillis,
    fix: "shorten it, or stream the answer",
  });
  refuseTemplates(route, requestTemplates);
  for (const answer of Object.values<any>(responses)) refuseTemplates(route, answer.responseTemplates);
}

function refuseTemplates(of: string, templates: Readonly<Record<string, string>> = {}): void {
  for (const template of Object.values(templates)) {
    refuseBeyond(restQuotas.template, {
      subject: `${subject}, ${of}`,
      got: Buffer.byteLength(template),
      fix: "let the service make the answer",
    });
  }
}

function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}

/** A policy is an object, or the same as JSON. */
function textOf(policy: unknown): string {
  return typeof policy === "string" ? policy : JSON.stringify(policy);
}

/** Returns a copy with an empty text in the place of each value that only a deployment knows. */
function knownPart(value: unknown): unknown {
  if (pulumi.Output.isInstance(value) || value instanceof Promise) return "";
  if (Array.isArray(value)) return value.map(knownPart);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, knownPart(each)]));
}
