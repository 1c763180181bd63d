import assert from "node:assert/strict";
import fc from "fast-check";
import { imageTag } from "../../../../infra/compute/ecs/image-tag";

const [a, b] = ["a".repeat(64), "b".repeat(64)];

describe("the tag of an image", () => {
  it("is new for another artifact than the newest image's, and for one that comes back", () => {
    const pushed: string[] = [];
    for (const hash of [a, b, a, b]) pushed.push(imageTag(hash, pushed));
    assert.deepEqual(pushed, ["aaaaaaaaaaaa-1", "bbbbbbbbbbbb-2", "aaaaaaaaaaaa-3", "bbbbbbbbbbbb-4"]);
  });

  it("stays while the newest image is of the same artifact, in whichever order ECR lists them", () => {
    assert.equal(imageTag(a, ["aaaaaaaaaaaa-10", "bbbbbbbbbbbb-9", "aaaaaaaaaaaa-2"]), "aaaaaaaaaaaa-10");
    assert.equal(imageTag(a, ["bbbbbbbbbbbb-11", "aaaaaaaaaaaa-10"]), "aaaaaaaaaaaa-12");
  });

  it("does not count tags of another form", () => {
    assert.equal(imageTag(a, ["aaaaaaaaaaaa", "latest", "v1-7", "aaaaaaaaaaaa-x"]), "aaaaaaaaaaaa-1");
  });

  it("is never pushed twice, whatever is deployed in whichever order", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(a, b, "c".repeat(64))), (hashes) => {
        const pushed: string[] = [];
        let current: string | undefined;
        for (const hash of hashes) {
          const tag = imageTag(hash, pushed);
          if (tag !== current) {
            assert.ok(!pushed.includes(tag), tag);
            pushed.push(tag);
          }
          assert.ok(tag.startsWith(hash.slice(0, 12)));
          current = tag;
        }
      }),
    );
  });
});
