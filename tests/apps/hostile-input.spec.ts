import assert from "node:assert/strict";
import { bodyLimitBytes } from "../../apps/kit/body";
import { assertRefused } from "./helpers/answers";
import { harness, samples } from "./helpers/services";

const bytes = (...parts: (string | number[])[]) =>
  Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part) : Buffer.from(part))));

for (const sample of samples) {
  const json = JSON.stringify(sample.body);
  const withField = (field: string) => `{${field},${json.slice(1)}`;

  describe(`${sample.name} refuses`, () => {
    const malformed: Record<string, string | Uint8Array> = {
      "an empty body": "",
      "truncated JSON": json.slice(0, -1),
      "two documents": json + json,
      "a byte order mark": bytes([0xef, 0xbb, 0xbf], json),
      "bytes that are not UTF-8": bytes('{"name":"', [0xff, 0xfe], '"}'),
      "UTF-16": Buffer.from(json, "utf16le"),
      "an encoded surrogate": bytes('{"name":"', [0xed, 0xa0, 0x80], '"}'),
      "100,000 nested arrays": "[".repeat(100_000) + "]".repeat(100_000),
      "100,000 opened arrays": "[".repeat(100_000),
      "33 nested objects": `${'{"a":'.repeat(33)}1${"}".repeat(33)}`,
      "a __proto__ key": withField('"__proto__":{"admin":true}'),
      "an escaped __proto__ key": withField('"\\u005f_proto__":{"admin":true}'),
      "a constructor key": withField('"constructor":{"prototype":{}}'),
      "a nested prototype key": withField('"more":[{"prototype":1}]'),
      "a number beyond doubles": withField('"more":1e400'),
      "a negative number beyond doubles": withField('"more":-1e400'),
      "an integer beyond 2^53": withField('"more":9007199254740993'),
    };
    for (const [what, body] of Object.entries(malformed)) {
      it(what, async () => {
        const { put, items } = harness(sample);
        await assertRefused(await put("a-1", body), 400, "invalid_json");
        assert.equal(items.items.size, 0);
      });
    }

    const unfit: Record<string, unknown> = {
      null: "null",
      "an array": [sample.body],
      "a string": '"text"',
      "an extra field": { ...sample.body, tenantId: "other" },
      "an operator object as id": { ...sample.body, id: { $ne: "" } },
      "a missing field": Object.fromEntries(Object.entries(sample.body).slice(1)),
      "a number as text": json.replace(/:(\d+)/, ':"$1"'),
      "a fraction of a minor unit, gram or piece": json.replace(
        /"(amount|weightGrams|quantity|rating)":\d+/,
        '"$1":1.5',
      ),
      "a negative amount": json.replace(/"(amount|weightGrams|quantity|rating)":\d+/, '"$1":-1'),
    };
    for (const [what, body] of Object.entries(unfit)) {
      it(what, async () => {
        const { put, items } = harness(sample);
        const message = await assertRefused(await put("a-1", body), 400, "invalid_body");
        assert.doesNotMatch(message, /tenantId|other|\$ne/);
        assert.equal(items.items.size, 0);
      });
    }

    for (const type of [
      "text/plain",
      "application/json5",
      "application/json; charset=latin1",
      "application/json, a/b",
    ]) {
      it(`content of type ${type}`, async () => {
        const { put } = harness(sample);
        await assertRefused(await put("a-1", json, { "content-type": type }), 415, "unsupported_media_type");
      });
    }

    it("content without a type, or compressed", async () => {
      const { put } = harness(sample);
      await assertRefused(await put("a-1", Buffer.from(json), {}), 415, "unsupported_media_type");
      const compressed = { "content-type": "application/json", "content-encoding": "gzip" };
      await assertRefused(await put("a-1", json, compressed), 415, "unsupported_media_type");
    });

    it("a body over the limit, whether its length is declared, hidden or understated", async () => {
      const { app, put } = harness(sample);
      const large = withField(`"more":"${"x".repeat(bodyLimitBytes)}"`);
      const type = { "content-type": "application/json" };
      for (const declared of [String(large.length), "1e9", "2", undefined]) {
        const headers = declared === undefined ? type : { ...type, "content-length": declared };
        await assertRefused(await put("a-1", large, headers), 413, "payload_too_large");
      }
      await assertRefused(await put("a-1", json, { ...type, "content-length": "262145" }), 413, "payload_too_large");
      const endless = new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(65_536).fill(32)) });
      const chunked = { method: "PUT", headers: type, body: endless, duplex: "half" } as RequestInit;
      await assertRefused(await app.request(`${sample.collection}/a-1`, chunked), 413, "payload_too_large");
    });

    const ids = {
      "a slash": "a%2Fb",
      "a parent folder": "..%2f..%2fetc",
      "a double encoding": "%252e%252e",
      "a space": "a%20b",
      "a plus": "a+b",
      "a right-to-left mark": "a%E2%80%8Fb",
      "a right-to-left override": "%E2%80%AEa",
      "a zero-width space": "a%E2%80%8Bb",
      "a NUL": "a%00b",
      "a line feed": "a%0Ab",
      "an accent, composed": "caf%C3%A9",
      "an accent, decomposed": "cafe%CC%81",
      "a full-width letter": "%EF%BC%A1",
      "only dots": "...",
      "an expression": "a%20OR%20%23id%20%3D%20%3Aid",
      "a wildcard": "*",
      "2,049 bytes": "a".repeat(2_049),
      "129 characters": "a".repeat(129),
    };
    for (const [what, id] of Object.entries(ids)) {
      it(`an id with ${what}`, async () => {
        const { put, get, items } = harness(sample);
        await assertRefused(await put(id), 400, "invalid_id");
        await assertRefused(await get(`${sample.collection}/${id}`), 400, "invalid_id");
        assert.equal(items.items.size, 0);
      });
    }

    for (const id of ["%", "%zz", "%ff", "%c3%28", "%ed%a0%80", "a%2", "a%5Cb"]) {
      it(`the path segment ${id}`, async () => {
        const { get, put } = harness(sample);
        await assertRefused(await get(`${sample.collection}/${id}`), 400, "invalid_path");
        await assertRefused(await put(id), 400, "invalid_path");
      });
    }
  });

  describe(`${sample.name} accepts`, () => {
    it("ids at the edges of the allow-list, as literal data", async () => {
      const { put, get } = harness(sample);
      for (const id of ["a", "-", "_", ".a", "a..b", "__proto__", "constructor", "a".repeat(128), "$ne".slice(1)]) {
        assert.equal((await put(id)).status, 200, id);
        const read = await get(`${sample.collection}/${id}`);
        assert.equal(((await read.json()) as { id: string }).id, id);
      }
    });

    it("one id for what is one character composed or not", async () => {
      const { put, items } = harness(sample);
      assert.equal((await put("%E2%84%AA-1")).status, 200);
      assert.equal((await put("K-1")).status, 200);
      assert.deepEqual([...items.items.keys()], ["K-1"]);
    });

    it("JSON type with a UTF-8 charset in any case and spacing", async () => {
      const { put } = harness(sample);
      for (const type of ["Application/JSON", "application/json;charset=UTF-8", 'application/json ; charset="utf-8"']) {
        assert.equal((await put("a-1", json, { "content-type": type })).status, 200, type);
      }
    });

    it("an accent either way as one text", async () => {
      const { put, items } = harness(sample);
      const field = Object.entries(sample.body).find(([name]) => ["name", "recipient", "author"].includes(name))?.[0];
      if (field !== undefined) {
        await put("a-1", { ...sample.body, [field]: "Cafe\u0301" });
        assert.equal((items.items.get("a-1") as unknown as Record<string, unknown>)[field], "Caf\u00e9");
      }
    });
  });
}

describe("free text", () => {
  for (const [what, name] of Object.entries({
    "a control character": "a\u0007b",
    "a line feed": "a\nb",
    "a C1 control": "a\u009bb",
    "a bidirectional override": "a\u202eb",
    "a lone surrogate": "a\ud800b",
    "121 characters": "x".repeat(121),
    nothing: "",
  })) {
    it(`refuses ${what}`, async () => {
      const food = samples[0]!;
      await assertRefused(await harness(food).put("a-1", { ...food.body, name }), 400, "invalid_body");
    });
  }
});
