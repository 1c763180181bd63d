import assert from "node:assert/strict";
import { HttpError } from "../../apps/kit/errors";
import { assertRefused } from "./helpers/answers";
import { harness, MemoryItems, samples } from "./helpers/services";

for (const sample of samples) {
  describe(`${sample.name} API`, () => {
    it("stores an item and reads it back", async () => {
      const { put, get } = harness(sample);
      const stored = await put("a-1");
      assert.equal(stored.status, 200);
      const answer = (await stored.json()) as Record<string, unknown>;
      for (const [field, value] of Object.entries(sample.body).filter(([field]) => field !== "lines")) {
        assert.deepEqual(answer[field], value);
      }
      const read = await get(`${sample.collection}/a-1`);
      assert.equal(read.status, 200);
      assert.deepEqual(await read.json(), answer);
    });

    it("answers the same to the same write, and replaces the whole item on another", async () => {
      const { put, items } = harness(sample);
      const first = await (await put("a-1")).json();
      assert.deepEqual(await (await put("a-1", { ...sample.body, id: "a-1" })).json(), first);
      assert.equal(items.items.size, 1);
    });

    it("answers 404 for an item that is not there", async () => {
      const { get } = harness(sample);
      await assertRefused(await get(`${sample.collection}/none`), 404, "not_found");
    });

    it("refuses a body whose id is not the id in the path", async () => {
      const { put } = harness(sample);
      await assertRefused(await put("a-1", { ...sample.body, id: "a-2" }), 400, "id_mismatch");
    });

    it("answers 404 to unknown paths and to wrong methods", async () => {
      const { app, get } = harness(sample);
      for (const path of ["/", `/${sample.name}`, `${sample.collection}/a/b`, `//${sample.name}/healthz`]) {
        await assertRefused(await get(path), 404, "route_not_found");
      }
      for (const method of ["POST", "PATCH", "DELETE", "OPTIONS"]) {
        await assertRefused(await app.request(`${sample.collection}/a-1`, { method }), 404, "route_not_found");
      }
    });

    it("answers health checks at once, uncached and unlogged", async () => {
      const { get, lines } = harness(sample);
      for (const path of ["/healthz", `/${sample.name}/healthz`]) {
        const response = await get(path);
        assert.deepEqual(await response.json(), { status: "ok", service: sample.name });
        assert.equal(response.headers.get("cache-control"), "no-store");
      }
      assert.deepEqual(lines, []);
    });

    it("answers 503 with Retry-After, and logs why, when its storage fails", async () => {
      const items = new MemoryItems();
      items.get = () => Promise.reject(new HttpError(503, "storage_unavailable", "Try again", new Error("reset")));
      const { get, lines } = harness(sample, { items });
      const response = await get(`${sample.collection}/a-1`);
      assert.equal(response.headers.get("retry-after"), "1");
      await assertRefused(response, 503, "storage_unavailable");
      const line = JSON.parse(lines[0]!);
      assert.deepEqual([lines.length, line.level, line.status, line.failure.cause.message], [1, "error", 503, "reset"]);
    });

    it("answers 503 when its storage takes longer than a request may", async () => {
      const items = new MemoryItems();
      items.get = () => new Promise(() => {});
      const { get } = harness(sample, { items, requestTimeoutSeconds: 0.05 });
      await assertRefused(await get(`${sample.collection}/a-1`), 503, "timeout");
    });

    it("keeps an unexpected error to the log", async () => {
      const items = new MemoryItems();
      items.get = () => Promise.reject(new TypeError("cannot read secret-thing of undefined"));
      const { get, lines } = harness(sample, { items });
      const message = await assertRefused(await get(`${sample.collection}/a-1`), 500, "internal_error");
      assert.doesNotMatch(message, /secret-thing/);
      assert.match(lines[0]!, /secret-thing/);
    });
  });
}

for (const sample of samples.filter(({ list }) => list !== undefined)) {
  describe(`${sample.name} lists`, () => {
    it("pages through the items of one key and no other", async () => {
      const { put, get } = harness(sample);
      for (const id of ["a", "b", "c"]) {
        await put(id);
      }
      const first = (await (await get(`${sample.list}&limit=2`)).json()) as { items: { id: string }[]; next: string };
      assert.deepEqual([first.items.map(({ id }) => id), first.next], [["a", "b"], "b"]);
      const rest = (await (await get(`${sample.list}&limit=2&after=${first.next}`)).json()) as typeof first;
      assert.deepEqual([rest.items.map(({ id }) => id), rest.next], [["c"], undefined]);
      const none = await get(sample.list!.replace(/=.*/, sample.name === "shipping" ? "=FR" : "=other"));
      assert.deepEqual(await none.json(), { items: [] });
    });

    it("refuses a missing, repeated, unknown or malformed parameter", async () => {
      const { get } = harness(sample);
      const [path, query] = sample.list!.split("?");
      const hostile = [
        "",
        `${query}&${query}`,
        `${query}&tenantId=x`,
        `${query}&__proto__=x`,
        `${query}&limit=0`,
        `${query}&limit=101`,
        `${query}&limit=1e2`,
        `${query}&after=..`,
        `${query?.split("=")[0]}=%00`,
        `${query?.split("=")[0]}=`,
      ];
      for (const search of hostile) {
        await assertRefused(await get(`${path}?${search}`), 400, "invalid_query");
      }
    });
  });
}
