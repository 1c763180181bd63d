import assert from "node:assert/strict";
import { capture } from "../../../../graph/capture/capture";
import { type LookupAnswer, lookupAnswers } from "../../../../graph/outputs/lookups";
import { imageName, serverImage } from "../../../../infra/compute/ec2/image";
import { RegionCell } from "../../../../infra/region/region-cell";
import { planned } from "../../../conformance/plans";

const token = "aws:ec2/getAmi:getAmi";
const release = "2023.12.20261012.0";

/** Looks the image up in a plan of one region, with another provider behind it. */
async function lookUp(answer: LookupAnswer, machineImage?: string): Promise<unknown> {
  const answers = lookupAnswers as Record<string, LookupAnswer>;
  const standIn = answers[token]!;
  answers[token] = answer;
  try {
    const { outputs } = await capture(() => {
      const parent = new RegionCell("eu-central-1", { region: "eu-central-1", environment: "dev" });
      const named = machineImage === undefined ? {} : { machineImage };
      return { id: serverImage({ region: "eu-central-1", imageRelease: release, ...named }, { parent }).id };
    });
    return outputs["id"];
  } finally {
    answers[token] = standIn;
  }
}

/** A provider's error, as it reaches the program through the engine. */
function refusal(details: string): LookupAnswer {
  return () => {
    throw Object.assign(new Error(details), { details });
  };
}

describe("the image of ec2 servers", () => {
  it("has the name that Amazon gives to a release, its default kernel and arm64", () => {
    assert.equal(imageName(release), "al2023-ami-2023.12.20261012.0-kernel-6.1-arm64");
  });

  it("is asked for by its exact name, in the region of its servers, and found when it is deprecated", async () => {
    const asked: unknown[] = [];
    const id = await lookUp((args, region) => {
      asked.push({ args, region });
      return { id: "ami-0123456789abcdef0" };
    });
    assert.equal(id, "ami-0123456789abcdef0");
    assert.deepEqual(asked, [
      {
        args: {
          owners: ["amazon"],
          filters: [{ name: "name", values: ["al2023-ami-2023.12.20261012.0-kernel-6.1-arm64"] }],
          includeDeprecated: true,
        },
        region: "eu-central-1",
      },
    ]);
  });

  it("is of one release in both regions of prod, and has an id of its own in each", async () => {
    const index = await planned("prod");
    const templates = index.ofType("aws:ec2/launchTemplate:LaunchTemplate").map(({ inputs }) => inputs);
    assert.deepEqual(
      templates.map(({ tags }) => [tags.region, tags["image-release"]]),
      [
        ["eu-central-1", release],
        ["eu-west-1", release],
      ],
    );
    assert.equal(new Set(templates.map(({ imageId }) => imageId)).size, 2);
  });

  it("is not asked for where configuration names it", async () => {
    assert.equal(await lookUp(refusal("asked"), "ami-0123456789abcdef1"), "ami-0123456789abcdef1");
  });

  it("refuses a release that does not exist in one sentence: key, region, value and what to do", async () => {
    const answer = refusal(
      `invocation of ${token} returned an error: 1 error occurred:\n\t* Your query returned no results. Please change your search criteria and try again.\n\n`,
    );
    await assert.rejects(lookUp(answer), {
      message:
        'platform:imageRelease must be a release of Amazon Linux 2023 that has the image al2023-ami-2023.12.20261012.0-kernel-6.1-arm64 in eu-central-1, got "2023.12.20261012.0"; set a release that AWS\'s release notes list',
    });
  });

  it("passes on every other error as it is", async () => {
    await assert.rejects(lookUp(refusal("UnauthorizedOperation: DescribeImages")), {
      message: /UnauthorizedOperation: DescribeImages/,
    });
  });
});
