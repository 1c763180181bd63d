import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { isTenantName, parseTenantSecret, tenantKey } from "../../apps/kit/tenant";

const key = Buffer.alloc(32, 7).toString("base64url");

describe("names of tenants and tiers", () => {
  it("are 1 to 64 of a-z, 0-9 and inner hyphens", () => {
    for (const name of ["a", "0", "acme", "acme-2", "a--b", "a".repeat(64)]) assert.ok(isTenantName(name), name);
    const wrong = [
      "",
      "-a",
      "a-",
      "A",
      "a_b",
      "a.b",
      "a/b",
      "a*",
      "a".repeat(65),
      "a\n",
      "\na",
      "é",
      1,
      null,
      ["a"],
      {},
    ];
    for (const name of wrong) assert.ok(!isTenantName(name), JSON.stringify(name));
  });
});

describe("API keys of tenants", () => {
  it("are 64 hex digits, which API Gateway takes, of HMAC-SHA256", () => {
    const secret = Buffer.alloc(32, 1);
    const value = tenantKey(secret, { tenant: "acme", tier: "free" });
    assert.match(value, /^[0-9a-f]{64}$/);
    assert.equal(value, createHmac("sha256", secret).update("acme\nfree").digest("hex"));
  });

  it("differ by tenant, by tier, by secret and by where the tenant ends", () => {
    const [one, other] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
    const values = [
      tenantKey(one, { tenant: "a", tier: "b" }),
      tenantKey(one, { tenant: "b", tier: "a" }),
      tenantKey(one, { tenant: "a", tier: "c" }),
      tenantKey(one, { tenant: "ab", tier: "c" }),
      tenantKey(one, { tenant: "a", tier: "bc" }),
      tenantKey(other, { tenant: "a", tier: "b" }),
    ];
    assert.equal(new Set(values).size, values.length);
  });

  it("are not derived from a name that is not valid", () => {
    for (const tenant of ["*", "a\nb", "", "a/b"]) {
      assert.throws(() => tenantKey(Buffer.alloc(32), { tenant, tier: "free" }), /must be 1-64 of a-z/);
      assert.throws(() => tenantKey(Buffer.alloc(32), { tenant: "acme", tier: tenant }), /must be 1-64 of a-z/);
    }
  });
});

describe("the tenants' secret", () => {
  it("has one version, or two while it is rotated, and names the current one", () => {
    const { current, keys } = parseTenantSecret(JSON.stringify({ current: "2", keys: { "1": key, "2": key } }));
    assert.equal(current, "2");
    assert.deepEqual([...keys.keys()], ["1", "2"]);
    assert.deepEqual(keys.get("2"), Buffer.alloc(32, 7));
  });

  it("is refused in one sentence, without a part of it, when it has another shape", () => {
    const short = Buffer.alloc(31, 9).toString("base64url");
    const wrong: unknown[] = [
      null,
      [],
      "x",
      {},
      { current: "1" },
      { current: "1", keys: [] },
      { current: "1", keys: {} },
      { current: "2", keys: { "1": key } },
      { current: 1, keys: { "1": key } },
      { current: "toString", keys: { "1": key } },
      { current: "1", keys: { "1": key, "2": key, "3": key } },
      { current: "1", keys: { "1": short } },
      { current: "1", keys: { "1": `${key}=` } },
      { current: "1", keys: { "1": 1 } },
      { current: "a b", keys: { "a b": key } },
    ];
    for (const json of [undefined, "", "{", key, ...wrong.map((each) => JSON.stringify(each))]) {
      assert.throws(
        () => parseTenantSecret(json),
        ({ message }: Error) => {
          assert.match(message, /^the tenants' secret (must|has) .*; write \{"current"/);
          assert.ok(!message.includes(key) && !message.includes(short), message);
          return true;
        },
        json,
      );
    }
  });
});
