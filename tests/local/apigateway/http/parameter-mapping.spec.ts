// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how AWS writes its variables
import assert from "node:assert/strict";
import type { PlannedRoute } from "./helpers/planned";
import { recorder, running, serve, stopAll, viaDiscovery } from "./helpers/running";

type Mappings = Record<string, string>;

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-parameter-mapping.html lists every key and value. */
describe("gateway: parameter mappings", () => {
  afterEach(stopAll);

  async function mapped(requestParameters: Mappings, path = "/pets/6", init: { headers?: any; body?: string } = {}) {
    const { origin, received } = await recorder();
    const route: PlannedRoute = { key: "ANY /pets/{petId}", to: "discovery", integration: { requestParameters } };
    const gateway = await running(
      { routes: [route], stages: ["v1"], stage: { stageVariables: { color: "red" } } },
      viaDiscovery(origin),
    );
    await gateway.send(init.body === undefined ? "GET" : "POST", `/v1${path}`, init);
    assert.equal(received.length, 1);
    return received[0]!;
  }

  describe("of requests", () => {
    it("append, overwrite and remove parameters of the query, by their exact name", async () => {
      const change = async (parameters: Mappings) => (await mapped(parameters, "/pets/6?a=1&A=2&b=%20&a=3")).url;
      assert.equal(await change({ "append:querystring.a": "4" }), "/v1/pets/6?a=1&A=2&b=%20&a=3&a=4");
      assert.equal(await change({ "overwrite:querystring.a": "x y&z" }), "/v1/pets/6?A=2&b=%20&a=x%20y%26z");
      assert.equal(await change({ "remove:querystring.a": "''" }), "/v1/pets/6?A=2&b=%20");
      assert.equal(await change({ "overwrite:querystring.new": "ü" }), "/v1/pets/6?a=1&A=2&b=%20&a=3&new=%C3%BC");
    });

    it("overwrite the path, encoded as a path must be, and keep the query", async () => {
      const change = async (value: string, path = "/pets/6?a=1") =>
        (await mapped({ "overwrite:path": value }, path)).url;
      assert.equal(await change("$request.path"), "/pets/6?a=1");
      assert.equal(await change("/new/${request.path.petId}/x"), "/new/6/x?a=1");
      assert.equal(await change("/$request.path.petId", "/pets/a%20b%3Fc"), "/a%20b%3Fc");
      assert.equal(await change("no/slash"), "/no/slash?a=1");
      assert.equal(await change("/50%/%41"), "/50%25/%41?a=1");
    });

    it("read headers, query, path, body, context and stage of the request as the client sent it", async () => {
      const { headers } = await mapped(
        {
          "append:header.from-header": "$request.header.X-A",
          "append:header.from-query": "${request.querystring.q}",
          "append:header.from-path": "${request.path} ${request.path.petId}",
          "append:header.from-body": "$request.body.pet.names[1]",
          "append:header.from-object": "${request.body.pet['the tags']}",
          "append:header.from-all": "$request.body.list[*].n",
          "append:header.whole": "$request.body",
          "append:header.from-context": "$context.routeKey at $context.stage",
          "append:header.from-stage": "$stageVariables.color",
          "remove:header.x-a": "''",
        },
        "/pets/6?q=1&q=a%20b",
        {
          headers: ["X-A", "1", "x-a", "2", "content-type", "application/json"],
          body: '{"pet":{"names":["a","Rex"],"the tags":{"n":1}},"list":[{"n":1},{"n":"b"}]}',
        },
      );
      const of = (name: string) => headers[name];
      assert.deepEqual(
        ["header", "query", "path", "body", "object", "all", "context", "stage"].map((name) => of(`from-${name}`)),
        ["1,2", "1,a b", "/pets/6 6", "Rex", '{"n":1}', '[1,"b"]', "ANY /pets/{petId} at v1", "red"],
      );
      assert.equal(of("whole"), '{"pet":{"names":["a","Rex"],"the tags":{"n":1}},"list":[{"n":1},{"n":"b"}]}');
      assert.equal(of("x-a"), undefined);
    });

    it("pass the body on that they read", async () => {
      const { body } = await mapped({ "append:header.a": "$request.body.a" }, "/pets/6", { body: '{"a":"1"}' });
      assert.equal(body.toString(), '{"a":"1"}');
    });

    it("add nothing for a value that the request does not have", async () => {
      const parameters = {
        "append:header.a": "$request.header.none",
        "append:header.b": "$request.querystring.none",
        "append:header.c": "x $request.path.none",
        "append:header.d": "$request.body.none",
        "append:header.e": "$stageVariables.none",
        "append:header.f": "$request.body.constructor",
        "append:querystring.g": "$context.authorizer.claims.sub",
        "overwrite:path": "$stageVariables.none",
      };
      for (const body of ['{"a":1}', "no JSON", `{"none":"${"x".repeat(102_400)}"}`]) {
        const { headers, url } = await mapped(parameters, "/pets/6", { body });
        assert.deepEqual(
          ["a", "b", "c", "d", "e", "f"].filter((name) => headers[name] !== undefined),
          [],
        );
        assert.equal(url, "/v1/pets/6");
      }
    });

    it("end no line and no path", async () => {
      const { headers, url } = await mapped(
        { "append:header.a": "$request.querystring.a", "overwrite:path": "/x/$request.querystring.a" },
        "/pets/6?a=1%0D%0Ab:%202%20HTTP",
      );
      assert.equal(headers["a"], "1  b: 2 HTTP");
      assert.equal(headers["b"], undefined);
      assert.equal(url, "/x/1%0D%0Ab:%202%20HTTP?a=1%0D%0Ab:%202%20HTTP");
    });
  });

  describe("of responses", () => {
    async function answered(mappings: Mappings, statusCode = "201", to: "discovery" | "function" = "discovery") {
      const { origin } = await serve((_req, res) => {
        res.writeHead(201, ["content-type", "application/json", "x-a", "1", "x-b", "2"]).end('{"id":7,"state":"gone"}');
      });
      const integration = { responseParameters: [{ statusCode, mappings }] };
      const gateway = await running({ routes: [{ key: "GET /a", to, integration }] }, viaDiscovery(origin));
      gateway.compute.result = () => ({ statusCode: 201, headers: { "x-a": "1" }, body: "hi" });
      return gateway.get("/a");
    }

    it("change headers and the status of one status", async () => {
      const { status, headers, text } = await answered({
        "append:header.X-A": "3",
        "overwrite:header.x-b": "${response.header.X-A} of $context.requestId",
        "remove:header.content-type": "''",
        "overwrite:statuscode": "202",
      });
      assert.deepEqual(
        [status, headers["x-a"], headers["x-b"], headers["content-type"], text],
        [202, ["1", "3"], `1 of ${headers["apigw-requestid"]}`, undefined, '{"id":7,"state":"gone"}'],
      );
    });

    it("leave other statuses alone", async () => {
      const { status, headers } = await answered({ "overwrite:header.x-a": "3", "overwrite:statuscode": "202" }, "200");
      assert.deepEqual([status, headers["x-a"]], [201, "1"]);
    });

    it("read the body, which still arrives whole", async () => {
      const { headers, text } = await answered({ "append:header.x-id": "$response.body.id in $response.body.state" });
      assert.deepEqual([headers["x-id"], text], ["7 in gone", '{"id":7,"state":"gone"}']);
    });

    it("keep the status where the new one is none", async () => {
      assert.equal((await answered({ "overwrite:statuscode": "$response.body.state" })).status, 201);
      assert.equal((await answered({ "overwrite:statuscode": "$response.body.none" })).status, 201);
    });

    it("change what functions return", async () => {
      const { status, headers } = await answered(
        { "overwrite:header.x-a": "2", "overwrite:statuscode": "200" },
        "201",
        "function",
      );
      assert.deepEqual([status, headers["x-a"]], [200, "2"]);
    });

    it("change no error of the gateway itself", async () => {
      const integration = {
        responseParameters: [{ statusCode: "503", mappings: { "overwrite:statuscode": "200" } }],
      };
      const gateway = await running(
        { routes: [{ key: "GET /a", to: "discovery", integration }] },
        { kind: "none", via: "discovery" },
      );
      assert.equal((await gateway.get("/a")).status, 503);
    });
  });
});
