import assert from "node:assert/strict";
import { SignatureError } from "../../../../local/iam/sigv4/signature-error";
import { SignatureVerifier } from "../../../../local/iam/sigv4/signature-verifier";
import { readSuite, type Vector } from "./suite";

const secretAccessKey = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const signedAt = Date.parse("2015-08-30T12:36:00Z");

function verify(vector: Vector, change: Partial<Vector> = {}) {
  const { rawHeaders, authorization, ...request } = { ...vector, ...change };
  const token = rawHeaders[rawHeaders.findIndex((name) => name.toLowerCase() === "x-amz-security-token") + 1];
  const temporary = rawHeaders.some((name) => name.toLowerCase() === "x-amz-security-token");
  const credentials = { secretAccessKey, ...(temporary && token && { sessionToken: token.trim() }) };
  const verifier = new SignatureVerifier(
    (id) => (id === "AKIDEXAMPLE" ? credentials : undefined),
    () => signedAt,
  );
  return verifier.verify(
    { ...request, rawHeaders: [...rawHeaders, "Authorization", authorization] },
    { regions: ["us-east-1"], services: ["service"] },
  );
}

/** Texts with one byte changed, at every place. */
function* changed(text: string): Iterable<string> {
  for (let i = 0; i < text.length; i++) {
    const other = text[i] === "x" ? "y" : "x";
    yield text.slice(0, i) + other + text.slice(i + 1);
  }
}

describe("the public test suite of SigV4", () => {
  let vectors: Vector[];
  before(async function () {
    this.timeout(600_000);
    vectors = await readSuite();
  });

  it("has its 34 requests", () => assert.equal(vectors.length, 34));

  it("is accepted, every request", () => {
    for (const vector of vectors) assert.equal(verify(vector).accessKeyId, "AKIDEXAMPLE", vector.name);
  });

  it("has the canonical requests and texts that a refusal shows", () => {
    for (const vector of vectors) {
      const authorization = vector.authorization.replace(/\w{64}$/, "0".repeat(64));
      assert.throws(
        () => verify(vector, { authorization }),
        (error: Error) => {
          assert.ok(error.message.includes(`'${vector.canonical}'`), vector.name);
          assert.ok(error.message.includes(`'${vector.stringToSign}'`), vector.name);
          return true;
        },
      );
    }
  });

  it("is refused with any byte of the header changed, every request", () => {
    let tried = 0;
    for (const vector of vectors) {
      for (const authorization of changed(vector.authorization)) {
        // A space more or less separates the same parts.
        assert.throws(() => verify(vector, { authorization }), SignatureError);
        tried += 1;
      }
    }
    assert.ok(tried > 34 * 180, String(tried));
  });

  it("is refused with any byte of method, body or a header's value changed", () => {
    for (const vector of vectors) {
      for (const method of changed(vector.method)) assert.throws(() => verify(vector, { method }), vector.name);
      for (const body of [...changed(vector.body), `${vector.body} `]) {
        assert.throws(() => verify(vector, { body }), vector.name);
      }
      vector.rawHeaders.forEach((value, i) => {
        for (const other of i % 2 === 0 || /token/i.test(vector.rawHeaders[i - 1]!) ? [] : changed(value.trim())) {
          if (other.replace(/\s+/g, " ") === value.trim().replace(/\s+/g, " ")) continue;
          const rawHeaders = vector.rawHeaders.with(i, other);
          assert.throws(() => verify(vector, { rawHeaders }), `${vector.name}: ${value} as ${other}`);
        }
      });
    }
  });

  it("has one request that gets its token after it is signed, which services other than IoT refuse", () => {
    const vector = vectors.find(({ name }) => name.endsWith("post-sts-header-after"))!;
    const rawHeaders = [...vector.rawHeaders, "X-Amz-Security-Token", "AQoDYXdzEPT"];
    assert.throws(() => verify(vector, { rawHeaders }), /'x-amz-security-token' must be a 'SignedHeader'/);
  });
});
