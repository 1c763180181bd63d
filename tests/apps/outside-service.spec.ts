import assert from "node:assert/strict";
import { readContractFile } from "../../apps/contract-file";
import { outsideService } from "../../apps/kit/outside-service";

const server = { name: "jotter", port: 3000, healthPath: "/health", file: "contracts/notes.json" };
/** The example's file, in which tests change single fields. */
const notes = (): any => structuredClone(readContractFile("contracts/notes.json"));

describe("the contract of an image from outside", () => {
  it("has the file's routes below the name of the service, and where the server has them", () => {
    const { name, port, table, routes, publishes } = outsideService(notes(), server);
    assert.deepEqual([name, port, table, publishes], ["jotter", 3000, undefined, false]);
    assert.deepEqual(
      routes.map(({ id, method, path, serverPath, scopes }) => [id, method, path, serverPath, scopes]),
      [
        ["get-note", "GET", "/jotter/notes/{id}", "/notes/{id}", []],
        ["put-note", "PUT", "/jotter/notes/{id}", "/notes/{id}", ["jotter/write"]],
        ["get-health", "GET", "/jotter/healthz", "/health", []],
        ["probe-region", "GET", "/jotter/healthz/region", "/health", []],
      ],
    );
  });

  it("publishes what the server answers to the health routes, and no form of its errors that is not its own", () => {
    const { paths } = outsideService(notes(), server).openApi() as any;
    const health = paths["/jotter/healthz"].get.responses;
    assert.deepEqual(health[200].content["application/json"].schema.properties, { status: { type: "string" } });
    assert.deepEqual(Object.keys(paths["/jotter/notes/{id}"].put.responses), ["200", "default"]);
    assert.equal(paths["/jotter/health"], undefined);
  });

  it("gives a REST API the models of the file", () => {
    const shapes = outsideService(notes(), server).requestShapes();
    assert.deepEqual(shapes["put-note"]?.body?.["required"], ["text"]);
  });

  it("has a table, variables and secrets where the file asks for them", () => {
    const file = notes();
    file["x-platform-service"] = {
      table: { hashKey: "id" },
      needs: { secrets: { API_KEY: { description: "Key" } } },
      publishes: true,
    };
    const { table, needs, publishes } = outsideService(file, server);
    assert.deepEqual([table, needs.secrets, publishes], [{ hashKey: "id", indexes: [] }, ["API_KEY"], true]);
  });

  const refusals: readonly (readonly [string, (file: any) => void, RegExp])[] = [
    [
      "without the health path",
      (file) => delete file.paths["/health"],
      /^service "jotter": contracts\/notes\.json paths\.\/health\.get must be an operation without token and parameters, as it is the healthPath of the service, got null; add it, or correct healthPath$/,
    ],
    [
      "whose health path asks for a token",
      (file) => (file.paths["/health"].get.security = [{ accessToken: [] }]),
      /paths\.\/health\.get must be an operation without token and parameters, .* got "write"; add it, or correct healthPath$/,
    ],
    [
      "whose health path has parameters",
      (file) => (file.paths["/health"].get.parameters = [{ name: "deep", in: "query", schema: { type: "string" } }]),
      /paths\.\/health\.get must be an operation without token and parameters, .* got "parameters"; add it/,
    ],
    [
      "with keys, which its server does not keep",
      (file) => (file.paths["/notes/{id}"].put["x-platform-idempotency"] = { required: true }),
      /put-note must be a route of clients without keys, as its server has no kit/,
    ],
    [
      "with a route for messages, whose form its server does not know",
      (file) => (file.paths["/notes/{id}"].put["x-platform-access"] = "platform"),
      /put-note must be a route of clients without keys, as its server has no kit/,
    ],
    [
      "with a name of its own",
      (file) => (file["x-platform-service"] = { name: "jotter" }),
      /^service "jotter": contracts\/notes\.json x-platform-service is not as the platform reads it \(Unrecognized key: "name"\); see docs\/another-language\.md/,
    ],
    [
      "with schedules, which call what a file cannot have",
      (file) => (file["x-platform-service"] = { needs: { schedules: {} } }),
      /x-platform-service\.needs is not as the platform reads it \(Unrecognized key: "schedules"\)/,
    ],
    [
      "that publishes changes of no table",
      (file) => (file["x-platform-service"] = { publishes: true }),
      /x-platform-service\.table must be a table, where .* got null; add one, or remove publishes and needs\.tables$/,
    ],
    ...["/a/../b", "/.well-known", "/a//b", "/a?b", "/a%2fb"].map(
      (path) =>
        [
          `with the path ${path}`,
          (file: any) => (file.paths[path] = file.paths["/health"]),
          /must be a path of words of letters, digits, \. _ ~ and -, and of parameters such as \{id\}, got "/,
        ] as const,
    ),
    [
      "with a reference to another file",
      (file) => (file.paths["/health"].get.responses[200] = { $ref: "other.json" }),
      /^service "jotter": contracts\/notes\.json \$ref must be within the file/,
    ],
  ];
  for (const [title, change, sentence] of refusals) {
    it(`refuses a file ${title}`, () => {
      const file = notes();
      change(file);
      assert.throws(() => outsideService(file, server), { message: sentence });
    });
  }
});
