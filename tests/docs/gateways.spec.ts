import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../graph/project-root";
import { features, gateways, latencies, prices } from "./gateway-facts";
import { gatewaysPage } from "./gateways";

describe("docs/gateways.md", () => {
  it("is what the quotas and the facts say", () => {
    const path = join(projectRoot, "docs/gateways.md");
    assert.equal(readFileSync(path, "utf8"), gatewaysPage(), "run `npm run generate` and review the change");
  });

  it("has a value of each gateway in each row, with pages of AWS and the day on which they were read", () => {
    const names = Object.keys(gateways);
    for (const { name, values, sources, read } of features) {
      assert.deepEqual(Object.keys(values), names, name);
      assert.ok(
        Object.values(values).every((value) => value !== ""),
        name,
      );
      assert.ok(sources.length > 0 && sources.every((url) => url.startsWith("https://docs.aws.amazon.com/")), name);
      assert.match(read, /^20\d\d-\d\d-\d\d$/, name);
    }
    assert.deepEqual(Object.keys(latencies), names);
    for (const { source, read } of prices) {
      assert.match(source, /^https:\/\/aws\.amazon\.com\//);
      assert.match(read, /^20\d\d-\d\d-\d\d$/);
    }
  });

  it("is not made with a price that is not known, of a gateway or of a part of it", () => {
    const [first, ...others] = prices;
    for (const dollars of [undefined, 0]) {
      assert.throws(() => gatewaysPage([{ ...first!, dollars }, ...others]), {
        message: `the price of HTTP API per million requests, of 512 KB each is not known, got ${dollars}; look it up at https://aws.amazon.com/api-gateway/pricing/`,
      });
    }
    assert.throws(() => gatewaysPage(others), {
      message: "the price of HTTP API is not known; add it to gateway-facts.ts",
    });
  });
});
