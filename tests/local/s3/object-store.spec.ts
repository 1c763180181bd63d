import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  NoSuchBucket,
  NoSuchKey,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import * as s3 from "@pulumi/aws/s3";
import { request } from "undici";
import { bucketObjects } from "../../../apps/kit/objects";
import { ObjectStore } from "../../../local/s3/object-store";
import { operatorOnly } from "../helpers/access";
import { plan } from "../helpers/program";

const Bucket = "things";
const credentials = { accessKeyId: "local", secretAccessKey: "local" };

describe("planned buckets, for the AWS SDK", () => {
  const folder = mkdtempSync(join(tmpdir(), "objects-"));
  const logged: string[] = [];
  const store = new ObjectStore(
    () => join(folder, "objects"),
    (line) => logged.push(line),
  );
  let client: S3Client;
  const clientIn = (region: string) => new S3Client({ endpoint: store.url, region, credentials, maxAttempts: 1 });
  before(async () => {
    const index = await plan(folder, ({ name, opts }) => new s3.Bucket(`${name}-things`, { bucket: Bucket }, opts));
    await store.open();
    store.createBuckets(index, operatorOnly);
    client = clientIn("eu-west-1");
  });
  after(async () => {
    client.destroy();
    await store.stop();
    rmSync(folder, { recursive: true });
  });

  it("store, read, replace and delete objects, whatever characters the key has", async () => {
    for (const Key of ["plain", "a b/c+d%2F&?=é", "..dots../x"]) {
      await client.send(new PutObjectCommand({ Bucket, Key, Body: "one" }));
      await client.send(new PutObjectCommand({ Bucket, Key, Body: "two", ContentType: "text/plain" }));
      const { Body, ContentType } = await client.send(new GetObjectCommand({ Bucket, Key }));
      assert.deepEqual([await Body!.transformToString(), ContentType], ["two", "text/plain"], Key);
      assert.equal((await client.send(new HeadObjectCommand({ Bucket, Key }))).ContentLength, 3);
      await client.send(new DeleteObjectCommand({ Bucket, Key }));
      await assert.rejects(client.send(new GetObjectCommand({ Bucket, Key })), NoSuchKey, Key);
      await client.send(new DeleteObjectCommand({ Bucket, Key }));
    }
  });

  it("list keys in the order of their bytes, by prefix and page after page", async () => {
    const keys = ["list/Z", "list/a&b", "list/\u{1f600}", "list/\uffee", "other"];
    for (const Key of keys) await client.send(new PutObjectCommand({ Bucket, Key, Body: Key }));
    const seen: string[] = [];
    let token: string | undefined;
    do {
      const page = new ListObjectsV2Command({ Bucket, Prefix: "list/", MaxKeys: 2, ContinuationToken: token });
      const { Contents = [], NextContinuationToken } = await client.send(page);
      seen.push(...Contents.map(({ Key }) => Key!));
      token = NextContinuationToken;
    } while (token !== undefined);
    assert.deepEqual(seen, ["list/Z", "list/a&b", "list/\uffee", "list/\u{1f600}"]);
    for (const Key of keys) await client.send(new DeleteObjectCommand({ Bucket, Key }));
  });

  it("are those of the plan, each in its own region", async () => {
    const elsewhere = clientIn("eu-central-1");
    await assert.rejects(elsewhere.send(new GetObjectCommand({ Bucket, Key: "a" })), {
      name: "AuthorizationHeaderMalformed",
    });
    await assert.rejects(client.send(new ListObjectsV2Command({ Bucket: "none" })), NoSuchBucket);
    elsewhere.destroy();
  });

  it("refuse what they do not do, a wrong checksum, requests without signature and pages of other sites", async () => {
    const notDone = { name: "NotImplemented" };
    await assert.rejects(client.send(new GetObjectCommand({ Bucket, Key: "a", Range: "bytes=0-1" })), notDone);
    await assert.rejects(client.send(new PutObjectCommand({ Bucket, Key: "a", Body: "x", IfNoneMatch: "*" })), notDone);
    await assert.rejects(client.send(new ListObjectsV2Command({ Bucket, Delimiter: "/" })), notDone);
    assert.equal(logged.length, 3);
    assert.match(logged[0]!, /^arn:aws:iam::\d+:\S+ called s3 GET \/\S+\/a\?x-id=GetObject, which is not done here$/);
    const wrong = new PutObjectCommand({ Bucket, Key: "a", Body: "x", ChecksumCRC32: "AAAAAA==" });
    await assert.rejects(client.send(wrong), { name: "BadDigest" });
    const unsigned = await request(`${store.url}/${Bucket}/a`);
    assert.equal(unsigned.statusCode, 403);
    const { statusCode, headers } = await request(store.url, { headers: { host: "attacker.example.com" } });
    assert.deepEqual([statusCode, headers["access-control-allow-origin"]], [403, undefined]);
  });

  it("store the documents of a service", async () => {
    const objects = bucketObjects(Bucket, client);
    assert.equal(await objects.get("docs/none.json"), undefined);
    await objects.put("docs/b.json", { text: "ü" });
    await objects.put("docs/a.json", { text: "a" });
    assert.deepEqual(await objects.get("docs/b.json"), { text: "ü" });
    assert.deepEqual(await objects.keys("docs/"), ["docs/a.json", "docs/b.json"]);
    await objects.delete("docs/a.json");
    assert.deepEqual(await objects.keys("docs/"), ["docs/b.json"]);
    const lost = bucketObjects("none", client);
    for (const fails of [() => lost.get("a"), () => lost.put("a", {}), () => lost.delete("a"), () => lost.keys("a")]) {
      await assert.rejects(fails, { name: "HttpError", status: 503, code: "storage_unavailable" });
    }
  });
});
