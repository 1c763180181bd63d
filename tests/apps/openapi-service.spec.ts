import assert from "node:assert/strict";
import { foodStore } from "../../apps/food-store/contract";
import { openApiService } from "../../apps/kit/openapi-service";
import { shipping } from "../../apps/shipping/contract";

/** A document as JSON has it, in which tests change single fields. */
type Document = any;

const itemSchema = {
  type: "object",
  properties: {
    id: { $ref: "#/components/schemas/Id" },
    name: { type: "string", "x-platform-rules": { pattern: "must be short" } },
  },
  required: ["name"],
  additionalProperties: false,
};

const notes = (): Document => ({
  openapi: "3.0.3",
  info: { title: "Notes", version: "1.0.0" },
  "x-platform-service": { name: "notes", port: 8099, table: { hashKey: "id" } },
  paths: {
    "/notes/notes/{id}": {
      put: {
        operationId: "put-note",
        summary: "Stores a note",
        security: [{ accessToken: [] }],
        parameters: [{ name: "id", in: "path", required: true, schema: { $ref: "#/components/schemas/Id" } }],
        requestBody: {
          required: true,
          content: { "application/json": { schema: structuredClone(itemSchema), example: { name: "One" } } },
        },
        responses: { 200: { description: "Done", content: { "application/json": { schema: { type: "object" } } } } },
        "x-platform-throttle": { rate: 7, burst: 3 },
      },
    },
    "/notes/notes": {
      get: {
        operationId: "list-notes",
        summary: "Lists notes",
        parameters: [
          { name: "name", in: "query", required: true, schema: { type: "string" } },
          { name: "limit", in: "query", schema: { type: "string" } },
        ],
        responses: { 200: { description: "Done", content: { "application/json": { schema: { type: "object" } } } } },
      },
    },
  },
  components: {
    schemas: { Id: { type: "string", maxLength: 128 } },
    securitySchemes: { accessToken: { type: "http", scheme: "bearer" } },
  },
});

const put = (document: Document): Document => document.paths["/notes/notes/{id}"].put;
const list = (document: Document): Document => document.paths["/notes/notes"].get;

describe("a contract that is an OpenAPI file", () => {
  it("gives infrastructure what a contract in code gives", () => {
    const { name, title, port, table, routes, needs, calls, legacyRoutes, gatewayRoutes } = openApiService(notes());
    const read = { rate: 100, burst: 50 };
    assert.deepEqual([name, title, port, table], ["notes", "Notes", 8099, { hashKey: "id", indexes: [] }]);
    assert.deepEqual(routes.slice(0, 2), [
      {
        id: "put-note",
        method: "PUT",
        path: "/notes/notes/{id}",
        scopes: ["notes/write"],
        throttle: { rate: 7, burst: 3 },
      },
      { id: "list-notes", method: "GET", path: "/notes/notes", scopes: [], throttle: read },
    ]);
    assert.deepEqual(
      routes.slice(2).map(({ path }) => path),
      ["/notes/healthz", "/notes/healthz/region"],
    );
    assert.deepEqual(
      [needs, calls, legacyRoutes, gatewayRoutes],
      [{ variables: {}, secrets: [], egress: [], schedules: [] }, {}, [], []],
    );
  });

  it("has models of its bodies and the parameters that are demanded, without extensions", () => {
    const { "put-note": stored, "list-notes": listed } = openApiService(notes()).requestShapes();
    assert.deepEqual(stored?.body, {
      $schema: "http://json-schema.org/draft-04/schema#",
      type: "object",
      properties: { id: { type: "string", maxLength: 128 }, name: { type: "string" } },
      required: ["name"],
      additionalProperties: false,
    });
    assert.deepEqual(listed?.query, [
      { name: "name", required: true },
      { name: "limit", required: false },
    ]);
  });

  it("passes needs and calls on to the checks of a contract in code", () => {
    const document = notes();
    document["x-platform-service"].calls = { "food-store": ["get-food"] };
    document["x-platform-service"].needs = { variables: { LIMIT: { description: "Most notes", default: "5" } } };
    const service = openApiService(document);
    assert.deepEqual([service.calls, service.needs.variables], [{ "food-store": ["get-food"] }, { LIMIT: "5" }]);
    document["x-platform-service"].needs = { bucket: { expireAfterDays: 0 } };
    assert.throws(() => openApiService(document), /needs\.bucket\.expireAfterDays must be a whole number of days/);
  });

  for (const service of [foodStore, shipping]) {
    it(`${service.name}, published as a document and read again, is the same contract`, () => {
      const { name, port, table, definitions } = service;
      const document = structuredClone(service.openApi()) as Document;
      document["x-platform-service"] = { name, port, table };
      document.components.securitySchemes = { accessToken: { type: "http", scheme: "bearer" } };
      for (const [path, operations] of Object.entries<Document>(document.paths)) {
        for (const [method, { operationId }] of Object.entries<Document>(operations)) {
          const route = (definitions as Document)[operationId];
          // Keys are kept by the kit, which the code behind a file does not have.
          // What an endpoint outside may answer has no schema.
          const kept = route !== undefined && !route.stream && !route.idempotency && !route.legacy;
          const read = kept && !path.includes("/healthz");
          // How a gateway asks for a token is said when the document is published for it.
          const security = route?.access === "write" ? { security: [{ accessToken: [] }] } : {};
          if (read) Object.assign(operations[method], security, { "x-platform-throttle": route.throttle });
          else delete operations[method];
        }
      }
      const again = openApiService(document);
      const same = <T extends { readonly id: string }>(routes: readonly T[]) =>
        routes.filter(({ id }) => again.routes.some((each) => each.id === id)).sort((a, b) => (a.id < b.id ? -1 : 1));
      assert.ok(again.routes.length > 4);
      assert.deepEqual(same(again.routes), same(service.routes));
      for (const [id, shape] of Object.entries(again.requestShapes())) {
        assert.deepEqual(shape, service.requestShapes()[id], id);
      }
    });
  }

  const refusals: Record<string, [(document: Document) => unknown, RegExp]> = {
    "a newer version": [(d) => (d.openapi = "3.1.0"), /notes".*openapi must be a version 3\.0/],
    "no service": [(d) => delete d["x-platform-service"], /openapi\.json x-platform-service/],
    "a port that is no number": [(d) => (d["x-platform-service"].port = "8080"), /x-platform-service\.port/],
    "a need that is misspelt": [
      (d) => (d["x-platform-service"].needs = { bukcet: { expireAfterDays: 1 } }),
      /x-platform-service\.needs is not as .*Unrecognized key: "bukcet"/,
    ],
    "a table without a key": [
      (d) => (d["x-platform-service"].needs = { tables: { drafts: {} } }),
      /x-platform-service\.needs\.tables\.drafts\.hashKey/,
    ],
    "a need of uploads, which no route of a file can take": [
      (d) =>
        (d["x-platform-service"].needs = { bucket: { expireAfterDays: 1, onUpload: { prefix: "a", route: "b" } } }),
      /needs\.bucket is not as .*Unrecognized key: "onUpload"/,
    ],
    "keys of a route that is no POST": [
      (d) => (put(d)["x-platform-idempotency"] = { required: true }),
      /route "put-note" must be a POST with access write and one answer to take idempotency keys, got PUT/,
    ],
    "keys without saying whether they are required": [
      (d) => (put(d)["x-platform-idempotency"] = {}),
      /put\.x-platform-idempotency\.required/,
    ],
    "an access that is none": [(d) => (put(d)["x-platform-access"] = "open"), /must be platform, or left out/],
    "a change that no route of the platform takes": [
      (d) => (d["x-platform-service"].consumes = { "food-store": { route: "put-note" } }),
      /consumes\.food-store\.route must be a route with access "platform"/,
    ],
    "an unknown extension": [(d) => (put(d)["x-platform-cache"] = 1), /Unrecognized key: "x-platform-cache"/],
    "a callback": [(d) => (put(d).callbacks = {}), /paths\.\/notes\/notes\/\{id\}\.put is not as .*callbacks/],
    "a HEAD route": [(d) => (d.paths["/notes/notes"].head = list(d)), /Unrecognized key: "head"/],
    "a header": [(d) => (list(d).parameters[0].in = "header"), /must be path or query/],
    "another type of body": [
      (d) => (put(d).requestBody.content = { "text/plain": { schema: {} } }),
      /requestBody\.content/,
    ],
    "an optional body": [(d) => (put(d).requestBody.required = false), /requestBody\.required/],
    "no answer 200": [(d) => (put(d).responses = { 204: { description: "Done" } }), /responses\.200/],
    "a path of another service": [
      (d) => (d.paths["/other/notes"] = d.paths["/notes/notes"]),
      /must be a path below \/notes\//,
    ],
    "a path of the health routes": [
      (d) => (d.paths["/notes/healthz"] = d.paths["/notes/notes"]),
      /other than the health routes/,
    ],
    "an id that two operations have": [(d) => (list(d).operationId = "put-note"), /operationId must be different/],
    "a path parameter that is not listed": [
      (d) => (put(d).parameters = []),
      /parameters must be those of the path in its order \(id\), got \[\]/,
    ],
    "a token of another scheme": [(d) => (put(d).security = [{ apiKey: [] }]), /security must be \[\] or/],
    "a token of one of two schemes": [(d) => put(d).security.push({}), /security must be \[\] or/],
    "a token scheme that is not there": [(d) => delete d.components.securitySchemes, /as a bearer scheme/],
    "an open body": [
      (d) => delete put(d).requestBody.content["application/json"].schema.additionalProperties,
      /objects with additionalProperties: false, got null/,
    ],
    "a body without an example": [
      (d) => delete put(d).requestBody.content["application/json"].example,
      /an example that matches its schema and has no id, got null/,
    ],
    "an example that is refused": [
      (d) => (put(d).requestBody.content["application/json"].example = { name: 1 }),
      /an example that matches/,
    ],
    "a body that is a list": [
      (d) => (put(d).requestBody.content["application/json"].schema = { type: "array", items: { type: "string" } }),
      /a schema of type object, got "array"/,
    ],
    "a body of a GET": [(d) => (list(d).requestBody = put(d).requestBody), /absent, as a GET has no body/],
    "a keyword that no schema of the platform has": [
      (d) => (put(d).requestBody.content["application/json"].schema.not = { required: ["name"] }),
      /a schema of the keywords that are read/,
    ],
    "a reference to another file": [
      (d) => (put(d).requestBody.content["application/json"].schema = { $ref: "other.json#/Id" }),
      /\$ref must be within the file/,
    ],
    "a reference to nothing": [
      (d) => (d.components.schemas.Id = { $ref: "#/components/schemas/None" }),
      /\$ref must name a part of the file, got "#\/components\/schemas\/None"/,
    ],
    "a schema within itself": [
      (d) => (d.components.schemas.Id = { $ref: "#/components/schemas/Id" }),
      /\$ref must not lead back to itself/,
    ],
  };
  for (const [what, [change, message]] of Object.entries(refusals)) {
    it(`refuses ${what}, in one sentence that names the place`, () => {
      const document = notes();
      change(document);
      assert.throws(
        () => openApiService(document),
        (error: Error) => {
          assert.match(error.message, message);
          assert.match(error.message, /; .+$/);
          assert.doesNotMatch(error.message, /\n/);
          return true;
        },
      );
    });
  }

  it("refuses what is no document", () => {
    for (const each of [undefined, null, "text", [], {}]) assert.throws(() => openApiService(each), /openapi\.json/);
  });
});
