import assert from "node:assert/strict";
import { misfits } from "./shapes";

const BUCKET = "aws:s3/bucket:Bucket";
const GROUP = "aws:autoscaling/group:Group";
const VPC = "awsx:ec2:Vpc";

const reasons = (type: string, inputs: Record<string, unknown>) => misfits(type, inputs).map(({ reason }) => reason);

describe("arguments of a stand-in", () => {
  it("are what the SDK declares, with unknowns and archives where values are to come", () => {
    const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
    const archive = { "4dabf18193072939515e22adb298388d": "0def7320c3a5731c473e5ecbe6d01bc7", hash: "h" };
    assert.deepEqual(reasons(BUCKET, { bucket: "one", tags: { a: "b" }, forceDestroy: unknown }), []);
    assert.deepEqual(reasons("aws:lambda/function:Function", { role: unknown, code: archive }), []);
    assert.deepEqual(reasons(VPC, { cidrBlock: "10.0.0.0/16", natGateways: { strategy: "Single" } }), []);
  });

  it("are refused when the SDK declares none of that name, on whatever level", () => {
    assert.deepEqual(reasons(BUCKET, { buckets: "one" }), [`${BUCKET}: buckets is no argument of it`]);
    const group = { maxSize: 1, minSize: 1, launchTemplate: { ids: "lt" } };
    assert.deepEqual(reasons(GROUP, group), [`${GROUP}: launchTemplate.ids is no argument of it`]);
    const instances = [{ strategy: "Single", zone: "a" }];
    assert.match(reasons(VPC, { subnetSpecs: instances }).join(), /subnetSpecs\[0\]\.zone is no argument of it/);
  });

  it("are refused in another type, and where one that is required is missing", () => {
    assert.deepEqual(reasons(BUCKET, { forceDestroy: "yes" }), [`${BUCKET}: forceDestroy must be boolean, got string`]);
    assert.deepEqual(reasons(BUCKET, { tags: { a: 1 } }), [`${BUCKET}: tags.a must be string, got number`]);
    assert.deepEqual(reasons(GROUP, { minSize: "1" }), [
      `${GROUP}: maxSize is missing`,
      `${GROUP}: minSize must be number, got string`,
    ]);
  });

  it("are of types that the SDK declares", () => {
    assert.throws(() => reasons("aws:s3/bucket:Pail", {}), /has no PailArgs in its declarations/);
  });
});
