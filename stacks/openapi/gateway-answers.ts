import type { JsonSchema } from "../../apps/kit/openapi";

/** A gateway that publishes documents. */
export type PublishingGateway = "http" | "rest";

/** An answer that a gateway gives itself. */
interface GatewayAnswer {
  readonly description: string;
  /** Whether its body has no content type, so that no document can say what it is. @default false */
  readonly untyped?: true;
  /** @default none */
  readonly headers?: JsonSchema;
}

type Answers = Readonly<Record<number, GatewayAnswer>>;

const string = { type: "string" };
const challenge = { "www-authenticate": { description: "What the token lacks", schema: string } };
const tooMany = "More requests than the route's limit; try again in a second";

/** Answers that a gateway gives itself: to requests of any route, and to those of routes that need a token. */
const answers: Readonly<Record<PublishingGateway, { readonly any: Answers; readonly authorized: Answers }>> = {
  http: {
    any: {
      400: { description: "The request is malformed" },
      404: { description: "The API has no such route" },
      413: { description: "The body has more than 10 MB" },
      429: { description: tooMany },
      431: { description: "The headers have more than 10 KB" },
      500: { description: "The gateway could not ask the service" },
      503: { description: "The service did not answer the gateway, or not in time" },
      504: { description: "The service did not answer the gateway in time" },
    },
    authorized: {
      401: { description: "There is no valid token; the body is a JSON message", untyped: true, headers: challenge },
      403: { description: "The token lacks the route's scope", headers: challenge },
    },
  },
  rest: {
    any: {
      400: { description: "The request does not fit the route; `details` says what is wrong with a body" },
      403: { description: "The API has no such route, the token does not allow it, or the firewall refused it" },
      413: { description: "The body has more than 10 MB" },
      415: { description: "The route takes no such content type" },
      429: { description: `${tooMany}; with the code \`quota_exceeded\`, when the next quota begins` },
      500: { description: "The gateway could not ask the service" },
      502: { description: "The service gave the gateway an answer that it does not understand" },
      503: { description: "The service is not available" },
      504: { description: "The service did not answer the gateway in time" },
    },
    authorized: { 401: { description: "There is no valid token" } },
  },
};

/** Schemas of the bodies of the gateways' own answers. */
const bodies: Readonly<Record<PublishingGateway, JsonSchema>> = {
  http: { type: "object", properties: { message: string }, required: ["message"], additionalProperties: false },
  rest: {
    type: "object",
    properties: { message: string, code: string, details: string },
    required: ["message"],
    additionalProperties: false,
  },
};

// Names of services' components have a dot, so that this one is never one of theirs.
const refusal = { $ref: "#/components/schemas/Refusal" };

/** Returns the components of the answers that a gateway gives itself, by kind and name. */
export function gatewayComponents(gateway: PublishingGateway) {
  const { any, authorized } = answers[gateway];
  return {
    schemas: { Refusal: bodies[gateway] },
    responses: Object.fromEntries(
      Object.entries({ ...any, ...authorized }).map(([status, answer]) => [`Refused${status}`, response(answer)]),
    ),
  };
}

/** Returns the statuses of the answers that a gateway gives itself, each with a reference to its component. */
export function gatewayResponses(gateway: PublishingGateway, authorized: boolean): Record<string, JsonSchema> {
  const given = { ...answers[gateway].any, ...(authorized ? answers[gateway].authorized : {}) };
  return Object.fromEntries(
    Object.keys(given).map((status) => [status, { $ref: `#/components/responses/Refused${status}` }]),
  );
}

/** Returns a service's response of a status that the gateway gives too: its JSON body is the service's or the gateway's. */
export function orRefusal(own: JsonSchema): JsonSchema {
  const content = own["content"] as Readonly<Record<string, { readonly schema?: JsonSchema }>> | undefined;
  const schema = content?.["application/json"]?.schema;
  return {
    ...own,
    content: {
      ...content,
      "application/json": { schema: schema === undefined ? refusal : { anyOf: [schema, refusal] } },
    },
  };
}

function response({ description, untyped, headers }: GatewayAnswer): JsonSchema {
  return {
    description,
    ...(headers && { headers }),
    ...(untyped ? {} : { content: { "application/json": { schema: refusal } } }),
  };
}
