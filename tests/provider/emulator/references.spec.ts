import assert from "node:assert/strict";
import { References } from "./references";

describe("references between resources in an emulator", () => {
  it("exchange made-up values for the emulator's, the longest first, also inside of text", () => {
    const references = new References();
    const planned = {
      id: "sg-0123456789",
      arn: "arn:aws:ec2:::sg-0123456789",
      name: "same-name",
      vpcId: "vpc-01234567",
    };
    const state = { id: "sg-made", arn: "arn:made", name: "other-name", vpc_id: "vpc-made" };
    references.learn("aws_security_group", planned, { name: "same-name" }, state);
    const inputs = { a: "arn:aws:ec2:::sg-0123456789/*", b: ["sg-0123456789"], c: { "vpc-01234567": "same-name" } };
    assert.deepEqual(references.exchange(inputs), { a: "arn:made/*", b: ["sg-made"], c: { "vpc-made": "same-name" } });
  });

  it("reach into blocks, and leave short values alone", () => {
    const references = new References();
    const configuration = { targetDomainName: "d-planned.example.com", hostedZoneId: "Z1" };
    references.learn(
      "",
      { domainNameConfiguration: configuration },
      {},
      {
        domain_name_configuration: [{ target_domain_name: "d-made.example.com", hosted_zone_id: "Z2" }],
      },
    );
    assert.deepEqual(references.exchange(["d-planned.example.com", "Z1"]), ["d-made.example.com", "Z1"]);
  });
});
