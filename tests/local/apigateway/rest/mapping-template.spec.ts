import assert from "node:assert/strict";
import { recorder, stopAll } from "../http/helpers/running";
import { runningRest, stopGateways } from "./helpers/running";

/** The template that AWS's console offers as "Method request passthrough", in our own layout. */
const passthrough = `#set($allParams = $input.params())
{ "body-json" : $input.json('$'),
  "params" : {
#foreach($type in $allParams.keySet())
    #set($params = $allParams.get($type))
"$type" : {
    #foreach($paramName in $params.keySet())
    "$paramName" : "$util.escapeJavaScript($params.get($paramName))"
        #if($foreach.hasNext),#end
    #end
}
    #if($foreach.hasNext),#end
#end
  },
  "stage-variables" : {
#foreach($key in $stageVariables.keySet())
"$key" : "$util.escapeJavaScript($stageVariables.get($key))"
    #if($foreach.hasNext),#end
#end
  },
  "context" : {
    "http-method" : "$context.httpMethod", "stage" : "$context.stage", "source-ip" : "$context.identity.sourceIp",
    "user" : "$context.identity.user", "resource-path" : "$context.resourcePath"
  }
}`;

const defined = `#define($loop)#foreach($e in $map.keySet())"$e": "$map.get($e)"#if($foreach.hasNext),#end#end#end
#set($map = $input.params().path)
{"path": {$loop},#set($map = $stageVariables)"variables": {$loop}}
#set($context.requestOverride.header.x-single = "1")
#set($context.requestOverride.header.x-several = ["1", "2"])
#set($context.requestOverride.path.id = "other")
#set($context.requestOverride.querystring.q = "a b")`;

describe("REST gateway: templates of requests", () => {
  afterEach(async () => {
    await stopGateways();
    await stopAll();
  });

  async function sent(template: string) {
    const { origin, received } = await recorder();
    const { send } = await runningRest({
      variables: { v: "1", w: "it's" },
      resources: {
        "/a/{id}": {
          PUT: {
            type: "HTTP",
            httpMethod: "PUT",
            uri: `${origin}/b/{id}`,
            integration: {
              requestTemplates: { "application/json": template },
              requestParameters: { "integration.request.path.id": "method.request.path.id" },
            },
          },
        },
      },
    });
    const headers = { "content-type": "application/json", "x-a": 'quoted "text"' };
    const { status } = await send("/a/5?q=1&r=x", { method: "PUT", headers, body: '{"k":[1,"two"]}' });
    assert.equal(status, 200);
    return received[0]!;
  }

  it("pass everything on by the template of AWS's console", async () => {
    const { body, url } = await sent(passthrough);
    const json = JSON.parse(body.toString().replaceAll("\\'", "'"));
    assert.equal(url, "/b/5");
    assert.deepEqual(json["body-json"], { k: [1, "two"] });
    assert.deepEqual([json.params.path, json.params.querystring], [{ id: "5" }, { q: "1", r: "x" }]);
    assert.equal(json.params.header["x-a"], 'quoted "text"');
    assert.deepEqual(json["stage-variables"], { v: "1", w: "it's" });
    assert.deepEqual(json.context, {
      ...{ "http-method": "PUT", stage: "test", "source-ip": "127.0.0.1", user: "", "resource-path": "/a/{id}" },
    });
  });

  it("define blocks, and override headers, path and query", async () => {
    const { body, url, headers } = await sent(defined);
    assert.deepEqual(JSON.parse(body.toString()), { path: { id: "5" }, variables: { v: "1", w: "it's" } });
    assert.equal(url, "/b/other?q=a%20b");
    assert.deepEqual([headers["x-single"], headers["x-several"]], ["1", "1, 2"]);
  });

  it("that call a method which is not there are answered 500, and the log names it", async () => {
    const { get, logs } = await runningRest({
      resources: {
        "/a": {
          GET: { type: "MOCK", integration: { requestTemplates: { "application/json": "$input.body.chars()" } } },
        },
      },
    });
    const { status, text } = await get("/a");
    assert.deepEqual([status, text], [500, '{"message": "Internal server error"}']);
    assert.match(logs.join("\n"), /a template of GET \/a failed: templates have no method "chars"/);
  });
});
