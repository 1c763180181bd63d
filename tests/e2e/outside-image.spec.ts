import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { request } from "undici";
import type { Graph } from "../../graph/model";
import { planStack } from "../../graph/plan";
import { UserError } from "../../graph/user-error";
import { signIn } from "../../local/cognito/sign-in";
import { type RunningPlatform, startPlatform } from "../../local/platform";
import { changedValues } from "../helpers/configuration";
import { outsideNotes } from "../helpers/outside-image";

/** A program that stands in for the image: it knows its own paths, and nothing of the platform. */
function jotter(): Server {
  const notes = new Map<string, object>();
  return createServer(async (req, res) => {
    const answer = (status: number, body: object) =>
      res.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    if (req.url === "/health") return answer(200, { status: "fine" });
    const [, id] = /^\/notes\/([a-z0-9-]+)$/.exec(req.url ?? "") ?? [];
    if (id === undefined) return answer(404, { error: `no ${req.url}` });
    if (req.method === "PUT") {
      const text = Buffer.concat(await req.toArray()).toString();
      notes.set(id, { id, ...JSON.parse(text), by: req.headers["x-subject"] });
    }
    const note = notes.get(id);
    return note === undefined ? answer(404, { error: "no such note" }) : answer(200, note);
  });
}

describe("a service by an image from outside, on this machine", function () {
  this.timeout(120_000);
  const stateDir = mkdtempSync(join(tmpdir(), "platform-outside-"));
  const server = jotter();
  let graph: Graph;
  let platform: RunningPlatform | undefined;
  let leftOut: string[];

  before(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const config = changedValues("dev", (values) => {
      for (const service of Object.values<any>(values.services)) service.pattern = "lambda";
      values.services.notes = outsideNotes;
      values.gateways.rest = { domain: "rest.api.dev.example.com" };
      delete values.gateways.http.services;
    });
    graph = await planStack("dev", { config });
  });
  after(() => {
    server.close();
    rmSync(stateDir, { recursive: true, force: true });
  });
  afterEach(async () => {
    await platform?.stop();
    platform = undefined;
  });

  async function start(instead: Readonly<Record<string, string>>): Promise<RunningPlatform> {
    leftOut = [];
    const onProgress = (part: string, detail: string) => void (part === "left out" && leftOut.push(detail));
    platform = await startPlatform({ graph, stateDir, instead, log: () => {}, onProgress });
    return platform;
  }

  async function call(url: string, method: "GET" | "PUT" = "GET", token?: string, sent?: object) {
    const headers = { "content-type": "application/json", ...(token && { authorization: `Bearer ${token}` }) };
    const answer = await request(url, { method, headers, ...(sent && { body: JSON.stringify(sent) }) });
    return [answer.statusCode, await answer.body.json()] as [number, any];
  }

  it("is left out in one sentence, and its routes answer 503 with the reason, while all else runs", async () => {
    const { endpoints } = await start({});
    assert.deepEqual(leftOut, [
      "without notes, whose container images this machine does not run; start one by hand, and start again with --instead notes=http://127.0.0.1:<port>",
    ]);
    for (const path of ["healthz", "notes/one"]) {
      const [status, { code, message }] = await call(`${endpoints.global}/notes/${path}`);
      assert.deepEqual([status, code], [503, "not_run_here"]);
      assert.equal(
        message,
        `notes runs the image ${outsideNotes.image}, which is not run on this machine; start it by hand, and the platform with --instead notes=http://127.0.0.1:<port>`,
      );
    }
    const [status] = await call(`${endpoints.global}/pet-store/healthz`);
    assert.equal(status, 200);
  });

  it("is reached through both gateways when a program stands in for it, at the paths of the image", async () => {
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const running = await start({ notes: origin });
    assert.deepEqual(leftOut, []);
    const { endpoints } = running;
    const { accessToken } = await signIn({ issuerUrl: endpoints.issuer, user: "ada", groups: "all" });
    const { rest } = endpoints.regions["eu-west-1"]!;
    assert.ok(rest);
    for (const gateway of [endpoints.global, rest]) {
      const url = `${gateway}/notes`;
      assert.deepEqual(await call(`${url}/healthz`), [200, { status: "fine" }]);
      assert.deepEqual(await call(`${url}/healthz/region`), [200, { status: "fine" }]);
      const [unsigned] = await call(`${url}/notes/one`, "PUT", undefined, { text: "Hello" });
      assert.equal(unsigned, 401);
      const [status, note] = await call(`${url}/notes/one`, "PUT", accessToken, { text: "Hello" });
      assert.deepEqual([status, note.id, note.text, typeof note.by], [200, "one", "Hello", "string"]);
      assert.deepEqual(await call(`${url}/notes/one`), [200, note]);
    }
    // The REST API checks bodies by the model of the file.
    const [refused] = await call(`${rest}/notes/notes/two`, "PUT", accessToken, { words: "Hello" });
    assert.equal(refused, 400);
    const found = running.state().workloads.find(({ service }) => service === "notes");
    assert.deepEqual(found?.servers, [{ zone: "instead", health: "healthy" }]);
  });

  it("publishes its document with the others", async () => {
    const { endpoints } = await start({});
    const [status, document] = await call(`${endpoints.global}/notes/openapi.json`);
    assert.equal(status, 200);
    assert.deepEqual(Object.keys(document.paths).sort(), [
      "/notes/healthz",
      "/notes/healthz/region",
      "/notes/notes/{id}",
    ]);
  });

  it("refuses a program in the place of a service that is no image", async () => {
    await assert.rejects(
      start({ shipping: "http://127.0.0.1:3000" }),
      (error) =>
        error instanceof UserError &&
        error.message.includes(
          '--instead must name a service that runs an image from outside (notes), got "shipping"; correct it',
        ),
    );
  });
});
