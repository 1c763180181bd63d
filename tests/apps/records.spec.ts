import assert from "node:assert/strict";
import { assertRefused } from "./helpers/answers";
import { harness, samples } from "./helpers/services";

const sample = samples.find(({ name }) => name === "pet-store")!;
const body = { entries: [{ day: "2026-03-01", what: "Vaccinated" }] };

/** The pet store with one pet, and a way to send it JSON. */
async function store() {
  const made = harness(sample);
  await made.put("rex");
  const send = (method: string, path: string, json?: object) =>
    made.app.request(`/pet-store${path}`, {
      method,
      ...(json && { headers: { "content-type": "application/json" }, body: JSON.stringify(json) }),
    });
  return { ...made, send };
}

describe("health records of pets", () => {
  it("are stored, read, replaced and deleted, as documents of the bucket", async () => {
    const { send, objects } = await store();
    const stored = await send("POST", "/pets/rex/record", body);
    assert.deepEqual([stored.status, await stored.json()], [200, { ...body, id: "rex" }]);
    assert.deepEqual([...objects.documents.keys()], ["records/rex.json"]);
    assert.deepEqual(await (await send("GET", "/pets/rex/record")).json(), { ...body, id: "rex" });
    assert.deepEqual(await (await send("DELETE", "/pets/rex/record")).json(), { id: "rex" });
    await assertRefused(await send("GET", "/pets/rex/record"), 404, "not_found");
    assert.equal((await send("DELETE", "/pets/rex/record")).status, 200);
  });

  it("belong to a pet, and are valid", async () => {
    const { send, objects } = await store();
    await assertRefused(await send("POST", "/pets/none/record", body), 404, "not_found");
    await assertRefused(await send("POST", "/pets/rex/record", { entries: [] }), 400, "invalid_body");
    await assertRefused(await send("POST", "/pets/rex/record", { ...body, id: "other" }), 400, "id_mismatch");
    assert.equal(objects.documents.size, 0);
  });

  it("are listed as they were when the list was made, however often it is made", async () => {
    const { send } = await store();
    assert.deepEqual(await (await send("GET", "/records")).json(), { pets: [], complete: true });
    await send("POST", "/pets/rex/record", body);
    assert.deepEqual(((await (await send("GET", "/records")).json()) as { pets: string[] }).pets, []);
    for (const _ of ["once", "again"]) assert.equal((await send("POST", "/records")).status, 200);
    const { madeAt, ...list } = (await (await send("GET", "/records")).json()) as { madeAt: string };
    assert.deepEqual(list, { pets: ["rex"], complete: true });
    assert.ok(Date.parse(madeAt) <= Date.now());
  });
});
