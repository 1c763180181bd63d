import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { answer, type ReferenceEvent } from "../../../apps/reference/answer";
import { pageFiles } from "../../../apps/reference/page";
import { type PublishedFile, readPublishedFiles } from "../../../apps/reference/published-files";
import { referenceSettings } from "../../../apps/reference/settings";

const document = JSON.stringify({
  servers: [{ url: "https://api.example.com" }, { url: "https://api.example.com/v2" }],
});

describe("the function that publishes the OpenAPI documents", () => {
  let folder: string;
  let files: ReadonlyMap<string, PublishedFile>;
  const published = (env: Record<string, string> = {}) => readPublishedFiles(folder, referenceSettings(env));
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "reference-"));
    const written = {
      ...pageFiles(),
      "http/openapi.json": document,
      "http/pet-store/openapi.json": "{}",
      "handler.cjs": "",
    };
    for (const [path, content] of Object.entries(written)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
    files = published();
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const http = (routeKey: string, headers: Record<string, string> = {}, file?: string): ReferenceEvent => ({
    version: "2.0",
    routeKey: `GET ${routeKey}`,
    headers,
    ...(file === undefined ? {} : { pathParameters: { file } }),
  });
  const ask = (event: ReferenceEvent, corsOrigins: readonly string[] = []) => answer({ files, corsOrigins }, event);

  it("answers with the document of the gateway that invokes it", () => {
    assert.equal(ask(http("/openapi.json")).body, document);
    assert.equal(ask(http("/pet-store/openapi.json")).body, "{}");
    assert.equal(ask({ resource: "/openapi.json", headers: null, pathParameters: null }).statusCode, 404);
  });

  it("answers with the page and its files, and with no other file of its folder", () => {
    const page = ask(http("/docs"));
    assert.equal(page.headers["content-type"], "text/html; charset=utf-8");
    const names = [...page.body.matchAll(/"docs\/([^"]+)"/g)].map(([, name]) => name!);
    assert.deepEqual(names.map((name) => name.replace(/-[0-9a-f]{12}\./, ".")).sort(), [
      "page.css",
      "page.js",
      "swagger-ui.css",
      "swagger-ui.js",
    ]);
    for (const name of names) {
      const { statusCode, headers } = ask(http("/docs/{file}", {}, name));
      assert.deepEqual([statusCode, headers["cache-control"]], [200, "public, max-age=31536000, immutable"]);
    }
    for (const name of ["../handler.cjs", "../http/openapi.json", "..", "constructor", ""]) {
      assert.equal(ask(http("/docs/{file}", {}, name)).statusCode, 404, name);
    }
  });

  it("lets the page load nothing of other origins, and run no script that is in the page", () => {
    const { headers, body } = ask(http("/docs"));
    const policy = headers["content-security-policy"]!;
    assert.match(policy, /^default-src 'none'; script-src 'self'; /);
    assert.doesNotMatch(policy, /https?:|\*|unsafe-eval|script-src[^;]*unsafe/);
    assert.doesNotMatch(body, /<script(?![^>]*src="docs\/)|https?:| on[a-z]+=/);
  });

  it("compresses for who takes it behind an HTTP API, and answers a REST API with text", () => {
    const packed = ask(http("/openapi.json", { "accept-encoding": "br, gzip;q=0.5" }));
    assert.deepEqual([packed.isBase64Encoded, packed.headers["content-encoding"]], [true, "gzip"]);
    assert.equal(gunzipSync(Buffer.from(packed.body, "base64")).toString(), document);
    for (const accepted of ["gzip;q=0", "br", "gzip; q=0.0, br"]) {
      assert.equal(ask(http("/openapi.json", { "accept-encoding": accepted })).body, document, accepted);
    }
    const rest = answer(
      { files: new Map([["rest/openapi.json", files.get("http/openapi.json")!]]), corsOrigins: [] },
      { resource: "/openapi.json", headers: { "Accept-Encoding": "gzip" } },
    );
    assert.deepEqual([rest.body, rest.isBase64Encoded], [document, false]);
  });

  it("answers 304 to who has the document as it is", () => {
    const { etag } = ask(http("/openapi.json")).headers;
    const again = ask(http("/openapi.json", { "if-none-match": `"other", ${etag}` }));
    assert.deepEqual([again.statusCode, again.body, again.headers["etag"]], [304, "", etag]);
    assert.equal(ask(http("/openapi.json", { "if-none-match": '"other"' })).statusCode, 200);
  });

  it("lets pages of the listed origins read a document behind a REST API", () => {
    const origins = ["https://app.example.com"];
    const allowed = (origin: string) =>
      ask(http("/openapi.json", { Origin: origin }), origins).headers["access-control-allow-origin"];
    assert.equal(allowed("https://app.example.com"), "https://app.example.com");
    assert.equal(allowed("https://other.example.com"), undefined);
  });

  it("puts other addresses in the place of those of a document, as whole origins", () => {
    const publishedAt = { "https://api.example.com": "http://127.0.0.1:4000", "https://api.example": "wrong" };
    const here = published({ PUBLISHED_AT: JSON.stringify(publishedAt) });
    const { servers } = JSON.parse(here.get("http/openapi.json")!.body.toString());
    assert.deepEqual(servers, [{ url: "http://127.0.0.1:4000" }, { url: "http://127.0.0.1:4000/v2" }]);
    assert.notEqual(here.get("http/openapi.json")!.headers["etag"], files.get("http/openapi.json")!.headers["etag"]);
  });
});
