import assert from "node:assert/strict";
import { parseConfig } from "../../../account/config";
import { exampleConfig } from "./fixture";

/** The problems found after a change; fails when there are none. */
function problems(change: (config: any) => void): string[] {
  const config = exampleConfig();
  change(config);
  try {
    parseConfig(config, "account");
  } catch (error) {
    const [title, ...lines] = (error as Error).message.split("\n");
    assert.equal(title, `Pulumi.account.yaml has ${lines.length} problem${lines.length === 1 ? "" : "s"}:`);
    return lines.map((line) => line.trim());
  }
  assert.fail("the configuration was accepted");
}

const subjects =
  (...values: unknown[]) =>
  (config: any) => {
    config.deploy.oidc.subjects = values;
  };
const issuer = (value: string) => (config: any) => {
  config.deploy.oidc.issuer = value;
};
const principals =
  (...values: string[]) =>
  (config: any) => {
    config.deploy.principals = values;
  };

describe("the account's configuration", () => {
  it("accepts the example, and fills in audience, principals and length of sessions", () => {
    const { oidc, ...deploy } = exampleConfig().deploy;
    assert.equal(deploy.sessionMinutes, 60);
    const { issuer: url, subjects: own } = oidc;
    const config = parseConfig({ ...exampleConfig(), deploy: { oidc: { issuer: url, subjects: own } } }, "account");
    assert.deepEqual(config.deploy, {
      oidc: { issuer: url, audience: "sts.amazonaws.com", subjects: own },
      principals: [],
      sessionMinutes: 60,
    });
  });

  for (const subject of ["project:example/platform:ref:main", "project:example:*", "a1b2", "group/project/*"]) {
    it(`accepts the subject ${subject}`, () => {
      const config = exampleConfig();
      subjects(subject)(config);
      assert.deepEqual(parseConfig(config, "account").deploy.oidc?.subjects, [subject]);
    });
  }

  const anybody =
    /^platform-account:deploy\.oidc\.subjects\[0\] must be exact, or have \* or \? only after its first two parts/;
  const refusals: [title: string, change: (config: any) => void, expected: RegExp][] = [
    ["a subject that is anybody", subjects("*"), anybody],
    ["a subject of wildcards and separators", subjects("*:*/?"), anybody],
    ["a subject that lets every project in", subjects("project:*"), anybody],
    ["a subject that lets projects of a like name in", subjects("project:exam*:ref:main"), anybody],
    ["a subject with a variable of IAM", subjects("project:example:$main"), anybody],
    ["a subject with a space", subjects("project:example main"), anybody],
    ["a subject with a line break behind it", subjects("project:example:main\n"), anybody],
    ["no subjects", subjects(), /^platform-account:deploy\.oidc\.subjects must be at least 1 entries, got \[\]/],
    ["an issuer over plain HTTP", issuer("http://ci.example.com"), /oidc\.issuer must be an https URL/],
    ["an issuer with a port", issuer("https://ci.example.com:8443"), /oidc\.issuer must be an https URL/],
    ["an issuer that ends in a slash", issuer("https://ci.example.com/"), /oidc\.issuer must be an https URL/],
    ["anybody as principal", principals("*"), /^platform-account:deploy\.principals\[0\] must be the ARN of one role/],
    ["an account as principal", principals("arn:aws:iam::123456789012:root"), /must be the ARN of one role or user/],
    ["every role as principal", principals("arn:aws:iam::123456789012:role/*"), /must be the ARN of one role or user/],
    [
      "nobody who may deploy",
      (config) => {
        config.deploy = {};
      },
      /^platform-account:deploy must name who may deploy, got neither; set oidc, principals or both$/,
    ],
    [
      "a region twice",
      (config) => {
        config.regions = ["eu-west-1", "eu-west-1"];
      },
      /^platform-account:regions\[1\] is named twice, got "eu-west-1"; remove it$/,
    ],
    [
      "what is no region",
      (config) => {
        config.regions = ["ireland"];
      },
      /^platform-account:regions\[0\] must be an AWS region such as eu-west-1, got "ireland"/,
    ],
    [
      "no region",
      (config) => {
        config.regions = [];
      },
      /^platform-account:regions must be at least 1 entries/,
    ],
    [
      "five regions",
      (config) => {
        config.regions = [1, 2, 3, 4, 5].map((n) => `us-east-${n}`);
      },
      /^platform-account:regions must be at most 4 entries/,
    ],
    [
      "state that is not retained",
      (config) => {
        config.state.retentionDays = 0;
      },
      /^platform-account:state\.retentionDays must be at least 1, got 0; raise it$/,
    ],
    [
      "sessions of a day",
      (config) => {
        config.deploy.sessionMinutes = 1440;
      },
      /^platform-account:deploy\.sessionMinutes must be at most 720, got 1440; lower it$/,
    ],
    [
      "an unknown key",
      (config) => {
        config.deploy.odic = {};
      },
      /^platform-account:deploy\.odic is not a key the platform knows/,
    ],
  ];
  for (const [title, change, expected] of refusals) {
    it(`refuses ${title}`, () => {
      const found = problems(change);
      assert.ok(
        found.some((line) => expected.test(line)),
        found.join("\n"),
      );
    });
  }

  it("reports every problem at once", () => {
    const found = problems((config) => {
      config.regions = ["ireland"];
      config.state.retentionDays = "30";
      subjects("*", "project:example:*")(config);
      config.backend = "s3://x";
    });
    assert.deepEqual(
      found.map((line) => line.split(" ")[0]),
      [
        "platform-account:regions[0]",
        "platform-account:state.retentionDays",
        "platform-account:deploy.oidc.subjects[0]",
        "platform-account:backend",
      ],
    );
  });
});
