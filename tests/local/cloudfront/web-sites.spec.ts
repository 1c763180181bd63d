import assert from "node:assert/strict";
import { request } from "undici";
import { type Graph, GraphIndex } from "../../../graph/model";
import { projectRoot } from "../../../graph/project-root";
import { readDistributions } from "../../../local/cloudfront/distribution";
import { Edge } from "../../../local/cloudfront/edge";
import { SiteFiles } from "../../../local/cloudfront/site-files";
import { WebSites } from "../../../local/cloudfront/web-sites";
import { accountOf } from "../../../local/iam/account";
import { planned } from "../../conformance/plans";
import { operatorOnly } from "../helpers/access";

const api = "http://127.0.0.1:8080";

/** A graph with some resources changed. */
function changed(graph: Graph, type: string, change: (outputs: any, region: string) => object | undefined): Graph {
  const resources = graph.resources.flatMap((resource) => {
    if (resource.type !== type || !/-web-/.test(resource.name)) return [resource];
    const outputs = change(resource.outputs, resource.region!);
    return outputs === undefined ? [] : [{ ...resource, outputs: { ...resource.outputs, ...outputs } }];
  });
  return { ...graph, resources };
}

/** A request of a browser for the app's page. */
const browser = { method: "GET", path: "/index.html", acceptEncoding: "", ifNoneMatch: undefined };

/** The edge of a plan's distribution, by a clock. */
function edgeOf(graph: Graph, now: () => number): Edge {
  const index = new GraphIndex(graph);
  const localised = (text: string) => text;
  const files = new SiteFiles(index, { access: operatorOnly, root: projectRoot, account: accountOf(index), localised });
  return new Edge(readDistributions(index)[0]!, files, localised, now);
}

describe("the planned distribution on this machine", () => {
  const running: WebSites[] = [];
  let graph: Graph;
  before(async () => {
    ({ graph } = await planned("prod"));
  });
  after(() => Promise.all(running.map((each) => each.stop())));

  async function start(of: Graph): Promise<WebSites> {
    const sites = await WebSites.listen(of, () => {});
    running.push(sites);
    sites.serve(new GraphIndex(of), operatorOnly, projectRoot, new Map([["https://api.example.com", api]]));
    return sites;
  }

  const get = async (sites: WebSites, path: string, headers: Record<string, string> = {}, method = "GET") => {
    const answer = await request(`${sites.url}${path}`, { method: method as "GET", headers });
    return { status: answer.statusCode, headers: answer.headers, text: await answer.body.text() };
  };

  it("serves pages, assets and settings with the planned headers, and S3's own taken away", async () => {
    const sites = await start(graph);
    const page = await get(sites, "/");
    assert.deepEqual([page.status, page.headers["content-type"]], [200, "text/html; charset=utf-8"]);
    assert.equal((await get(sites, "/pet-store")).text, page.text);
    const policy = String(page.headers["content-security-policy"]);
    assert.ok(policy.includes(`connect-src 'self' ${api} `), policy);
    for (const name of ["x-content-type-options", "x-frame-options", "referrer-policy", "strict-transport-security"])
      assert.ok(page.headers[name], name);
    assert.equal(page.headers["x-amz-server-side-encryption"], undefined);
    assert.equal(page.headers["server"], undefined);
    assert.equal(JSON.parse((await get(sites, "/config.json")).text).apiUrl, api);
  });

  it("answers 403 for a missing asset, and for a method that is not allowed", async () => {
    const sites = await start(graph);
    assert.equal((await get(sites, "/assets/missing.js")).status, 403);
    assert.equal((await get(sites, "/", {}, "POST")).status, 403);
    assert.equal((await get(sites, "/", { host: "attacker.example" })).status, 403);
    assert.equal((await get(sites, "/", { host: "app.example.com" })).status, 200);
  });

  it("answers a path that no URL can be made of as every other one", async () => {
    const sites = await start(graph);
    assert.equal((await get(sites, "//x.js")).status, 403);
    assert.equal((await get(sites, "//")).text, (await get(sites, "/")).text);
  });

  it("keeps answers, tells their age, and compares tags", async () => {
    const sites = await start(graph);
    const first = await get(sites, "/");
    assert.equal(first.headers["x-cache"], "Miss from cloudfront");
    const second = await get(sites, "/");
    assert.deepEqual([second.headers["x-cache"], second.headers["age"]], ["Hit from cloudfront", "0"]);
    const again = await get(sites, "/", { "if-none-match": String(first.headers["etag"]) });
    assert.deepEqual([again.status, again.text], [304, ""]);
  });

  it("says of an error that it is one, from the cache as well", async () => {
    const sites = await start(graph);
    for (const method of ["GET", "GET", "POST"]) {
      const { headers } = await get(sites, "/assets/missing.js", {}, method);
      assert.equal(headers["x-cache"], "Error from cloudfront", method);
    }
  });

  it("answers 400 for a path whose percent signs stand for no text, and goes on", async () => {
    const sites = await start(graph);
    for (const path of ["/assets/%zz.js", "/%E0%A4%A.js", "/%.js"]) {
      const { status, text } = await get(sites, path);
      assert.deepEqual([status, /<Code>(\w+)/.exec(text)?.[1]], [400, "InvalidURI"], path);
    }
    // A page whatever it is called.
    assert.equal((await get(sites, "/%zz")).status, 200);
  });

  it("keeps for a second alone what says that it may not be kept", async () => {
    for (const [cacheControl, keptAfter] of [
      ["no-cache", false],
      ["private, max-age=600", false],
      ["max-age=600", true],
    ] as const) {
      let now = 0;
      const edge = edgeOf(
        changed(graph, "aws:s3/bucketObjectv2:BucketObjectv2", () => ({ cacheControl })),
        () => now,
      );
      const cached = async (at: number) => {
        now = at;
        return (await edge.answer(browser)).headers["x-cache"];
      };
      assert.equal(await cached(0), "Miss from cloudfront");
      assert.equal(await cached(999), "Hit from cloudfront");
      assert.equal(await cached(1_001), `${keptAfter ? "Hit" : "Miss"} from cloudfront`, cacheControl);
    }
  });

  it("answers what the function answers by itself, and asks no bucket", async () => {
    const code = `function handler(event) {
      if (event.request.uri !== "/old") return event.request;
      return { statusCode: 301, headers: { Location: { value: "/new" } }, body: { encoding: "base64", data: "bW92ZWQ=" } };
    }`;
    const sites = await start(changed(graph, "aws:cloudfront/function:Function", () => ({ code })));
    const moved = await get(sites, "/old");
    assert.deepEqual([moved.status, moved.headers["location"], moved.text], [301, "/new", "moved"]);
    assert.equal(moved.headers["x-cache"], "FunctionGeneratedResponse from cloudfront");
    assert.equal(moved.headers["x-frame-options"], "DENY");
    assert.equal((await get(sites, "/")).status, 200);
  });

  it("compresses what is large enough, for who accepts it", async () => {
    const sites = await start(graph);
    const [, script] = /src="([^"]+\.js)"/.exec((await get(sites, "/")).text)!;
    const plain = await get(sites, script!);
    assert.equal(plain.headers["content-encoding"], undefined);
    for (const encoding of ["br", "gzip"]) {
      const { headers } = await get(sites, script!, { "accept-encoding": encoding });
      assert.equal(headers["content-encoding"], encoding);
      assert.ok(Number(headers["content-length"]) < plain.text.length / 2);
      assert.match(String(headers["etag"]), /^W\//);
    }
    assert.equal((await get(sites, "/", { "accept-encoding": "br" })).headers["content-encoding"], undefined);
  });

  it("asks the other region's bucket when a file is missing, or the policy refuses, and no third", async () => {
    const without = (regions: readonly string[]) =>
      changed(graph, "aws:s3/bucketObjectv2:BucketObjectv2", (outputs, region) =>
        regions.includes(region) && outputs.key === "index.html" ? undefined : {},
      );
    assert.equal((await get(await start(without(["eu-west-1"])), "/")).status, 200);
    assert.equal((await get(await start(without(["eu-west-1", "eu-central-1"])), "/")).status, 403);
    const closed = (regions: readonly string[]) =>
      changed(graph, "aws:s3/bucketPolicy:BucketPolicy", ({ policy }, region) =>
        regions.includes(region) ? { policy: policy.replace("cloudfront.amazonaws.com", "other.amazonaws.com") } : {},
      );
    assert.equal((await get(await start(closed(["eu-west-1"])), "/")).status, 200);
    assert.equal((await get(await start(closed(["eu-west-1", "eu-central-1"])), "/")).status, 403);
  });

  it("refuses the objects of a bucket whose policy names another distribution", async () => {
    const other = changed(graph, "aws:s3/bucketPolicy:BucketPolicy", ({ policy }) => ({
      policy: policy.replaceAll(/distribution\/\w+/g, "distribution/EOTHER"),
    }));
    assert.equal((await get(await start(other), "/")).status, 403);
  });

  it("lets its own address in where the plan lets the app's name in", async () => {
    const sites = await start(graph);
    const index = new GraphIndex(sites.graph);
    for (const { outputs } of index.ofType("aws:apigatewayv2/api:Api"))
      assert.ok(outputs["corsConfiguration"].allowOrigins.includes(sites.url));
    const client = index.ofType("aws:cognito/userPoolClient:UserPoolClient").find(({ name }) => /-web$/.test(name))!;
    assert.ok(client.outputs["callbackUrls"].includes(`${sites.url}/signed-in`));
    assert.ok(client.outputs["logoutUrls"].includes(`${sites.url}/`));
  });

  it("refuses to start with a setting that it does not run", async () => {
    const other = changed(graph, "aws:cloudfront/distribution:Distribution", ({ defaultCacheBehavior }) => ({
      defaultCacheBehavior: { ...defaultCacheBehavior, cachePolicyId: "another" },
    }));
    await assert.rejects(
      WebSites.listen(other, () => {}),
      /cachePolicyId must be .* got "another"/,
    );
  });
});
