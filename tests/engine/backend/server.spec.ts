import assert from "node:assert/strict";
import type { Bucket } from "./bucket";
import { type AccountServices, accountServices } from "./server";

/** Of the word "body". */
const CRC32_OF_BODY = "26gLsg==";

describe("the stand-in for S3 and KMS", () => {
  let services: AccountServices;
  let bucket: Bucket;

  before(async () => {
    services = await accountServices();
    bucket = services.addBucket("state");
  });
  after(() => services?.close());

  /** @returns status and error code */
  const ask = async (service: string, path: string, init: RequestInit = {}) => {
    const authorization = `Credential=test/20260101/eu-west-1/${service}/aws4_request`;
    const url = `${services.env["AWS_ENDPOINT_URL"]}${path}`;
    const answer = await fetch(url, { ...init, headers: { authorization, ...init.headers } });
    return [answer.status, /(?<=<Code>|"__type":")\w+/.exec(await answer.text())?.[0]];
  };
  const put = (path: string, headers: Record<string, string>) =>
    ask("s3", path, { method: "PUT", body: "body", headers });

  it("takes an object with its checksum only, as buckets with Object Lock do", async () => {
    assert.deepEqual(await put("/state/key", {}), [400, "InvalidRequest"]);
    assert.deepEqual(await put("/state/key", { "x-amz-checksum-crc32": "AAAAAA==" }), [400, "BadDigest"]);
    assert.deepEqual(bucket.versions("key"), []);
    assert.deepEqual(await put("/state/key", { "x-amz-checksum-crc32": CRC32_OF_BODY }), [200, undefined]);
    assert.equal(String(bucket.get("key")?.body), "body");
  });

  it("takes no object for a bucket that nobody added", async () => {
    assert.deepEqual(await put("/absent/key", { "x-amz-checksum-crc32": CRC32_OF_BODY }), [404, "NoSuchBucket"]);
  });

  it("refuses what it does not know instead of doing something else", async () => {
    const known = { "x-amz-checksum-crc32": CRC32_OF_BODY };
    const refused = [501, "NotImplemented"];
    assert.deepEqual(await put("/state/key", { ...known, "if-none-match": "*" }), refused);
    assert.deepEqual(await put("/state/key?partNumber=1", known), refused);
    assert.deepEqual(await ask("s3", "/state?versioning"), refused);
    assert.deepEqual(await ask("s3", "/state"), refused);
    const headers = { "x-amz-target": "TrentService.ScheduleKeyDeletion" };
    assert.deepEqual(await ask("kms", "/", { method: "POST", body: "{}", headers }), refused);
    assert.deepEqual(await ask("sts", "/", { method: "POST" }), [501, undefined]);
  });

  it("leaves nothing behind", async () => {
    const other = await accountServices();
    const address = other.env["AWS_ENDPOINT_URL"]!;
    assert.equal((await fetch(address)).status, 501);
    await other.close();
    await assert.rejects(fetch(address));
  });
});
