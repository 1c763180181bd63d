import assert from "node:assert/strict";
import fc from "fast-check";
import { decide, evaluatePolicy } from "../../../local/iam/decision";
import { type Attachment, readPolicy } from "../../../local/iam/policy";
import { account, allow, decided, deny, documentOf, object, outcome, session, user } from "./helpers";

const request = { caller: user, action: "s3:GetObject", resource: object };
const attachments: readonly Attachment[] = ["identity", "resource", "endpoint"];

function said(document: unknown, attachment: Attachment = "identity", asked = request): string {
  return evaluatePolicy(readPolicy(document, attachment), asked);
}

describe("a policy document", () => {
  const unreadable: readonly [string, object][] = [
    ["a condition operator that does not exist", { Condition: { StringMatches: { a: "b" } } }],
    ["an element that does not exist", { Conditions: {} }],
    ["no action", { Action: undefined }],
    ["both Action and NotAction", { NotAction: "s3:*" }],
    ["an action that is no text", { Action: [1] }],
    ["an empty list of resources", { Resource: [] }],
    ["a principal, though it is of an identity", { Principal: "*" }],
  ];
  for (const [what, more] of unreadable) {
    it(`with ${what} allows nothing, denies, and says why`, () => {
      const policy = readPolicy(documentOf(allow(more)), "identity");
      assert.equal(policy.problems.length, 1);
      assert.equal(said(documentOf(allow(more))), "silent");
      assert.equal(said(documentOf(allow(), deny(more))), "deny");
    });
  }

  it("that is none, or has an effect that does not exist, denies everything", () => {
    for (const document of [null, "", "{}", [], 1, {}, { Statement: 1 }, { ...documentOf(allow()), Version: "2020" }]) {
      assert.equal(said(document), "deny", JSON.stringify(document));
    }
    assert.equal(said(documentOf(allow({ Effect: "allow" }))), "deny");
    assert.equal(said({ Statement: [] }), "silent");
  });

  it("whose denial has a condition that cannot be read denies what its statement names, not more", () => {
    const document = documentOf(allow(), deny({ Action: "s3:Put*", Condition: { Odd: { a: "b" } } }));
    assert.equal(said(document), "allow");
    assert.equal(said(document, "identity", { ...request, action: "s3:PutObject" }), "deny");
  });

  it("of a resource names its principals in full, and is about its own resource without one", () => {
    const principal = { Principal: { AWS: account } };
    assert.equal(said(documentOf({ Effect: "Allow", Action: "*", ...principal }), "resource"), "allow");
    assert.equal(said(documentOf(allow()), "resource"), "silent");
    const part = { Principal: { AWS: `arn:aws:iam::${account}:user/*` } };
    assert.equal(said(documentOf(allow(part)), "resource"), "silent");
    assert.equal(said(documentOf(deny(part)), "resource"), "deny");
    assert.equal(said(documentOf(allow({ NotPrincipal: { AWS: account } })), "resource"), "silent");
  });

  it("of an API may name its resources from the stage on, and means this API only", () => {
    const resource = "arn:aws:execute-api:eu-west-1:123456789012:k2j9/prod/GET/pets";
    const asked = { ...request, action: "execute-api:Invoke", resource };
    const open = (Resource: string) => documentOf(allow({ Resource, Principal: "*" }));
    assert.equal(said(open("execute-api:/*"), "resource", asked), "allow");
    assert.equal(said(open("execute-api:/prod/GET/pets"), "resource", asked), "allow");
    assert.equal(said(open("execute-api:/GET/pets"), "resource", asked), "silent");
    assert.equal(said(documentOf(allow({ Resource: "execute-api:/*" })), "identity", asked), "silent");
  });

  it("has policy variables from version 2012-10-17 on", () => {
    const own = allow({ Resource: `arn:aws:s3:::shelf/\${aws:username}` });
    const asked = { ...request, resource: "arn:aws:s3:::shelf/mia", context: { "aws:username": "mia" } };
    assert.equal(said({ Version: "2012-10-17", Statement: own }, "identity", asked), "allow");
    assert.equal(said({ Statement: own }, "identity", asked), "silent");
    const without = { ...asked, context: {} };
    assert.equal(said({ Version: "2012-10-17", Statement: own }, "identity", without), "silent");
    const inverse = documentOf(deny({ Resource: undefined, NotResource: own.Resource }));
    assert.equal(said(JSON.parse(JSON.stringify(inverse)), "identity", without), "deny");
  });

  // Two pages' whole examples, by request.
  it("decides AWS's example of a boundary, and of access across accounts", () => {
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
    const boundary = [allow({ Action: ["s3:*", "cloudwatch:*", "ec2:*"] })];
    const identity = [allow({ Action: "iam:CreateUser" })];
    assert.equal(outcome({ identity, boundary }, { action: "iam:CreateUser" }), "implicit deny by boundary");
    assert.equal(outcome({ identity, boundary }, { action: "s3:GetObject" }), "implicit deny by identity");
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
    const carlos = { kind: "user", arn: "arn:aws:iam::111111111111:user/Carlos", account: "111111111111" } as const;
    const production = ["arn:aws:s3:::Production", "arn:aws:s3:::Production/*"];
    const given = {
      identity: [
        allow({ Action: "s3:ListAllMyBuckets" }),
        allow({ Action: "s3:ListBucket", Resource: production[0] }),
        allow({ Action: "s3:*Object*", Resource: "arn:aws:s3:::Production/*" }),
        deny({ Action: "s3:*log*", Resource: ["arn:aws:s3:::*log*", "arn:aws:s3:::*log*/*"] }),
      ],
      resource: [
        allow({
          Action: ["s3:GetObject*", "s3:PutObject*", "s3:ReplicateObject", "s3:RestoreObject"],
          Principal: { AWS: carlos.arn },
          Resource: production[1],
        }),
      ],
    };
    const asked = { caller: carlos, resourceAccount: "222222222222", resource: "arn:aws:s3:::Production/a" };
    assert.equal(decided(given, { ...asked, action: "s3:PutObject" }).effect, "allow");
    assert.equal(outcome(given, { ...asked, action: "s3:DeleteObject" }), "implicit deny by resource");
    assert.equal(outcome(given, { ...asked, action: "s3:PutBucketPolicy" }), "implicit deny by identity");
  });

  it("never makes the evaluator throw, of any form, and an unreadable one never allows", () => {
    const names = [
      "Version",
      "Statement",
      "Effect",
      "Action",
      "NotAction",
      "Resource",
      "Principal",
      "Condition",
      "AWS",
    ];
    const texts = [
      "Allow",
      "Deny",
      "*",
      "2012-10-17",
      "s3:Get*",
      `\${aws:username}`,
      "${",
      "arn:aws:s3:::*",
      "10.0.0.0/8",
    ];
    const key = fc.oneof(
      fc.constantFrom(...names, "StringLike", "IpAddress", "ForAllValues:ArnLike", "Null"),
      fc.string(),
    );
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: "small" },
        fc.constantFrom(...texts),
        fc.jsonValue(),
        fc.array(tie("value"), { maxLength: 3 }),
        fc.dictionary(key, tie("value"), { maxKeys: 4 }),
      ),
    }));
    const statement = fc.record(
      {
        Effect: fc.constantFrom("Allow", "Deny"),
        Action: fc.oneof(fc.constant("*"), value),
        Resource: fc.oneof(fc.constant("*"), value),
        Principal: fc.oneof(fc.constant("*"), value),
        Condition: fc.dictionary(key, fc.dictionary(key, value, { maxKeys: 2 }), { maxKeys: 2 }),
      },
      { requiredKeys: ["Effect"] },
    );
    const document = fc.oneof(value, fc.record({ Version: fc.constant("2012-10-17"), Statement: fc.array(statement) }));
    const context = fc.dictionary(key, fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.array(fc.string())));
    fc.assert(
      fc.property(document, fc.constantFrom(...attachments), context, fc.string(), (given, attachment, keys, text) => {
        const policy = readPolicy(given, attachment);
        for (const caller of [user, session, { kind: "anonymous" } as const]) {
          const asked = { ...request, caller, context: keys };
          const { effect } = decide(asked, {
            identity: [policy],
            boundary: policy,
            resource: policy,
            endpoint: policy,
          });
          const result = evaluatePolicy(policy, { ...asked, action: text, resource: text });
          if (policy.problems.length > 0 && policy.statements.every((each) => !each.allow)) {
            assert.notEqual(effect, "allow");
            assert.notEqual(result, "allow");
          }
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it("is matched in time in proportion to its length, also with many stars", () => {
    const Resource = `${"*a".repeat(500)}b`;
    const started = performance.now();
    assert.equal(
      said(documentOf(allow({ Resource })), "identity", { ...request, resource: "a".repeat(5_000) }),
      "silent",
    );
    assert.ok(performance.now() - started < 500);
  });

  it("of the size of a service's role is decided on in less than 50 us", () => {
    const own = [
      allow({ Action: ["dynamodb:GetItem", "dynamodb:Query"], Resource: "arn:aws:dynamodb:*:*:table/Other*" }),
      allow({ Action: "secretsmanager:GetSecretValue", Resource: "arn:aws:secretsmanager:*:*:secret:shop/db-??????" }),
      allow({
        Action: ["s3:GetObject", "s3:PutObject"],
        Resource: "arn:aws:s3:::shelf/*",
        Condition: { StringEquals: { "aws:RequestedRegion": "eu-west-1" }, Bool: { "aws:SecureTransport": "true" } },
      }),
    ];
    const identity = [readPolicy(documentOf(...own), "identity")];
    const boundary = readPolicy(
      documentOf(allow({ Action: ["s3:*", "dynamodb:*"] }), deny({ Action: "iam:*" })),
      "identity",
    );
    const context = { "aws:RequestedRegion": "eu-west-1", "aws:SecureTransport": "true", "aws:SourceIp": "10.0.0.1" };
    const batches = Array.from({ length: 200 }, () => {
      const started = performance.now();
      for (let i = 0; i < 100; i++) {
        assert.equal(decide({ ...request, context }, { identity, boundary }).effect, "allow");
      }
      return performance.now() - started;
    });
    const microseconds = Math.min(...batches) * 10;
    assert.ok(microseconds < 50, `${microseconds.toFixed(1)} us`);
    if (process.env["SHOW_SPEED"]) console.log(`      ${microseconds.toFixed(2)} us`);
  });
});
