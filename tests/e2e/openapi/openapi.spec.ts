import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { catalog, serviceNames } from "../../../apps/catalog";
import type { RouteDefinition } from "../../../apps/kit/contract";
import { type Document, validate } from "../../helpers/openapi";
import { GeneratedClient } from "./generated-client";
import { type DocumentedPlatform, startDocumented } from "./platform";
import { fuzz, installSchemathesis } from "./schemathesis";

const paths = ["/openapi.json", ...serviceNames.map((name) => `/${name}/openapi.json`)];

/** Stores what the samples of other services name, so that some of what is made from samples is accepted. */
async function storeSamples({ url, token }: DocumentedPlatform): Promise<void> {
  for (const [service, id] of Object.entries({ "food-store": "apple-1", "pet-store": "rex-1" } as const)) {
    const routes = Object.values<RouteDefinition>(catalog[service as "food-store" | "pet-store"].definitions);
    const { path, sample } = routes.find(({ method }) => method === "PUT")!;
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const stored = await fetch(url + path.replace("{id}", id), {
      method: "PUT",
      headers,
      body: JSON.stringify(sample),
    });
    assert.equal(stored.status, 200, await stored.text());
  }
}

describe("the documents that the platform publishes on this machine", function () {
  // Each takes seconds on an idle machine; schemathesis is installed once.
  this.timeout(300_000);
  let platform: DocumentedPlatform;
  before(async () => {
    installSchemathesis();
    platform = await startDocumented();
  });
  after(() => platform?.stop());

  it("pass two public validators, and name this machine", async () => {
    const documents: Record<string, Document> = {};
    for (const path of paths) {
      const answer = await fetch(`${platform.url}${path}`);
      assert.deepEqual([answer.status, answer.headers.get("content-type")], [200, "application/json"]);
      documents[path.slice(1)] = (await answer.json()) as Document;
    }
    assert.deepEqual(await validate(documents), []);
    for (const { servers, components } of Object.values(documents)) {
      assert.deepEqual(
        servers.map(({ url }) => url),
        [platform.url],
      );
      assert.match(
        components["securitySchemes"]!["userPool"].flows.clientCredentials.tokenUrl,
        /^http:\/\/127\.0\.0\.1:/,
      );
    }
  });

  it("have a page that loads its own files alone, each of which is there, and asks again only for what may change", async () => {
    const page = await fetch(`${platform.url}/docs`);
    assert.match(page.headers.get("content-security-policy")!, /^default-src 'none'; script-src 'self';/);
    const html = await page.text();
    const loaded = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => address!);
    assert.equal(loaded.filter((address) => /^docs\//.test(address)).length, 4);
    assert.deepEqual(
      loaded.filter((address) => !/^(docs\/|data:,$|openapi\.json$)/.test(address)),
      [],
    );
    for (const address of loaded.filter((each) => each.startsWith("docs/"))) {
      const file = await fetch(new URL(address, `${platform.url}/docs`));
      assert.equal(file.status, 200, address);
      assert.match(file.headers.get("cache-control")!, /immutable/);
      assert.match(file.headers.get("content-type")!, address.endsWith(".js") ? /^text\/javascript/ : /^text\/css/);
    }
    const { headers } = await fetch(`${platform.url}/openapi.json`);
    const again = await fetch(`${platform.url}/openapi.json`, { headers: { "if-none-match": headers.get("etag")! } });
    assert.equal(again.status, 304);
  });

  it("give a client by a public generator, whose types fit and which runs the sample story", async () => {
    const client = new GeneratedClient();
    try {
      await client.generate(await (await fetch(`${platform.url}/openapi.json`)).text());
      assert.equal(await client.typeErrors(), "");
      const story = await client.story();
      const { statuses, missing, stored, name, amounts } = await story(platform.url, platform.token);
      assert.deepEqual(statuses, [404, 401, 200, 200, 200]);
      assert.deepEqual(missing, { code: "not_found", message: "There is no item with this id" });
      assert.deepEqual([stored?.id, name, amounts], ["generated-1", "Apple", [120]]);
      client.edit("weightGrams: 180", 'weightGrams: "180"');
      assert.match(await client.typeErrors(), /story\.ts\(\d+,\d+\): error TS2322/);
    } finally {
      client.remove();
    }
  });

  it("say all that services answer: schemathesis finds no 5xx and no answer that is not in them", async () => {
    const { url, token } = platform;
    await storeSamples(platform);
    const found = await Promise.all(
      serviceNames.map((name) => fuzz({ document: `${url}/${name}/openapi.json`, url, token })),
    );
    for (const { passed, report } of found) assert.ok(passed, report);
  });

  it("would not pass schemathesis without an answer that a service gives, or with another line of a stream; what it found is not kept", async () => {
    const { url, token } = platform;
    await storeSamples(platform);
    const document: any = await (await fetch(`${url}/food-store/openapi.json`)).json();
    delete document.paths["/food-store/foods/{id}"].get.responses[404];
    const [line]: any[] = Object.values(document.paths["/food-store/export"].get.responses[200].content);
    line.schema = { type: "object", required: ["colour"] };
    const folder = mkdtempSync(join(tmpdir(), "schemathesis-"));
    try {
      const file = join(folder, "openapi.json");
      writeFileSync(file, JSON.stringify(document));
      const { passed, report } = await fuzz({
        document: file,
        url,
        token,
        operations: ["food-store-get-food", "food-store-export-foods"],
      });
      assert.equal(passed, false);
      assert.match(report, /Undocumented status code[\s\S]*Received: 404/);
      assert.match(report, /Response violates schema[\s\S]*"colour" is a required property/);
      assert.equal(existsSync(".schemathesis"), false, "schemathesis keeps failures in the working folder");
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
