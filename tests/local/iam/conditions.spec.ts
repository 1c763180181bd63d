import assert from "node:assert/strict";
import { arnPattern, readConditions } from "../../../local/iam/conditions";
import { PolicyProblem } from "../../../local/iam/pattern";
import { type ContextValue, RequestContext } from "../../../local/iam/request-context";

type Context = Readonly<Record<string, ContextValue>>;

function met(condition: object, context: Context, allow = true): boolean {
  return readConditions(condition, true).every((each) => each.met(new RequestContext(context), allow));
}

describe("conditions of IAM", () => {
  /** Examples of AWS's pages: operator, the policy's values, the request's value, whether they match. */
  const rows: readonly [operator: string, wanted: unknown, got: ContextValue | undefined, expected: boolean][] = [
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
    ["StringEquals", "iamuser-admin", "iamuser-admin", true],
    ["StringEquals", "iamuser-admin", "Iamuser-admin", false],
    ["StringEquals", "a*", "abc", false],
    ["StringNotEquals", "a", undefined, true],
    ["StringNotEquals", ["a", "b"], "b", false],
    ["StringEqualsIgnoreCase", "ABC", "abc", true],
    ["StringNotEqualsIgnoreCase", "ABC", "abc", false],
    ["StringLike", ["", "home/", "home/mia/*"], "home/mia/x", true],
    ["StringLike", ["", "home/", "home/mia/*"], "", true],
    ["StringLike", "?", "😀", true],
    ["StringNotLike", "t1.*", "t2.micro", true],
    ["NumericLessThanEquals", "10", "10", true],
    ["NumericLessThanEquals", 10, "11", false],
    ["NumericEquals", "1.50", "1.5", true],
    ["NumericNotEquals", "1", undefined, true],
    ["NumericLessThan", "100", "abc", false],
    ["DateGreaterThan", "2020-01-01T00:00:01Z", "2020-01-01T00:00:02Z", true],
    ["DateGreaterThan", "2020-01-01T00:00:01Z", undefined, false],
    ["DateEquals", "2020-01-01T01:00:00+01:00", "2020-01-01T00:00:00Z", true],
    ["DateLessThan", "1577836801", "2020-01-01T00:00:00Z", true],
    ["DateLessThan", "2020-01", 1_577_836_799, true],
    ["DateNotEquals", "2020-01-01", "2020-01-01T00:00:00Z", false],
    ["Bool", "false", "false", true],
    ["Bool", true, "true", true],
    ["Bool", "false", undefined, false],
    ["BinaryEquals", "QmluYXJ5VmFsdWVJbkJhc2U2NA==", "QmluYXJ5VmFsdWVJbkJhc2U2NA==", true],
    ["BinaryEquals", "QmluYXJ5VmFsdWVJbkJhc2U2NA==", "QmluYXJ5VmFsdWVJbkJhc2U2NB==", false],
    ["IpAddress", ["203.0.113.0/24", "2001:DB8:1234:5678::/64"], "203.0.113.7", true],
    ["IpAddress", ["203.0.113.0/24", "2001:DB8:1234:5678::/64"], "2001:db8:1234:5678::1", true],
    ["IpAddress", ["203.0.113.0/24", "2001:DB8:1234:5678::/64"], "203.0.114.0", false],
    ["IpAddress", "203.0.113.7", "203.0.113.7", true],
    ["IpAddress", "203.0.113.0/24", "::ffff:203.0.113.9", true],
    ["IpAddress", "0.0.0.0/0", "2001:db8::1", false],
    ["NotIpAddress", "203.0.113.0/24", "198.51.100.1", true],
    ["NotIpAddress", "203.0.113.0/24", undefined, true],
    ["NotIpAddress", "203.0.113.0/24", "no address", false],
    [
      "StringLike",
      "arn:aws:someservice:*:111122223333:finance/*",
      "arn:aws:someservice:us-east-2:999999999999:store/abc:111122223333:finance/document.txt",
      true,
    ],
    [
      "ArnLike",
      "arn:aws:someservice:*:111122223333:finance/*",
      "arn:aws:someservice:us-east-2:999999999999:store/abc:111122223333:finance/document.txt",
      false,
    ],
    ["ArnEquals", "arn:aws:sns:*:123456789012:inv*", "arn:aws:sns:eu-west-1:123456789012:invoices:x", true],
    ["ArnNotLike", "arn:aws:sns:*:*:a", "arn:aws:sns:x:1:b", true],
    ["ArnNotEquals", "arn:aws:sns:*:*:a", undefined, true],
    ["StringLikeIfExists", ["t1.*", "t2.*", "m3.*"], undefined, true],
    ["StringLikeIfExists", ["t1.*", "t2.*", "m3.*"], "c5.large", false],
    ["StringNotEqualsIfExists", "a", undefined, true],
    ["Null", "true", undefined, true],
    ["Null", "true", "x", false],
    ["Null", "false", [], false],
    ["Null", "false", "", true],
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition_examples-multi-valued-context-keys.html
    ["ForAllValues:StringNotLike", "key1*", ["key1:legal"], false],
    ["ForAllValues:StringNotLike", "key1*", ["key1:hr", "key1:personnel"], false],
    ["ForAllValues:StringNotLike", "key1*", ["key2:audit"], true],
    ["ForAllValues:StringNotLike", "key1*", undefined, true],
    ["ForAnyValue:StringEquals", ["webserver", "db"], ["db", "x"], true],
    ["ForAnyValue:StringEquals", ["webserver", "db"], ["x"], false],
    ["ForAnyValue:StringEquals", ["webserver", "db"], undefined, false],
    ["ForAnyValue:StringNotEquals", "a", undefined, false],
    ["ForAnyValue:StringEqualsIfExists", "a", undefined, true],
    // An empty text is an empty set: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
    ["ForAllValues:StringEquals", "a", "", true],
    ["ForAnyValue:StringNotEquals", "a", "", false],
    // A key of several values needs a set operator: without one nothing is known, and nothing is allowed.
    ["StringEquals", "a", ["a", "b"], false],
    ["StringNotEquals", "c", ["a", "b"], false],
  ];
  for (const [operator, wanted, got, expected] of rows) {
    it(`${operator} ${JSON.stringify(wanted)} ${expected ? "takes" : "does not take"} ${JSON.stringify(got)}`, () => {
      assert.equal(met({ [operator]: { "a:Key": wanted } }, got === undefined ? {} : { "A:key": got }), expected);
    });
  }

  it("that cannot read the request's value do not let it out of a denial", () => {
    assert.equal(met({ NotIpAddress: { k: "10.0.0.0/8" } }, { k: "no address" }, false), true);
    assert.equal(met({ StringNotEquals: { k: "c" } }, { k: ["a", "b"] }, false), true);
  });

  it("have values of the request in policy variables", () => {
    const tagged = { "aws:PrincipalTag/team": "red*", "x:Key": "red*", "x:Many": ["red"] };
    assert.ok(met({ StringEquals: { "x:key": `\${aws:PrincipalTag/Team}` } }, tagged));
    assert.ok(met({ StringLike: { "x:key": `r?d\${*}` } }, tagged));
    // A star of a value is no wildcard.
    assert.ok(!met({ StringLike: { "x:key": `\${aws:PrincipalTag/Team}` } }, { ...tagged, "x:Key": "redder" }));
    assert.ok(!met({ StringEquals: { "x:key": `\${x:unknown}` } }, tagged));
    assert.ok(met({ StringNotEquals: { "x:key": `\${x:unknown}` } }, tagged));
    assert.ok(met({ StringEquals: { "x:key": `\${x:unknown, 'red*'}` } }, tagged));
    assert.ok(!met({ StringEquals: { "x:key": `\${x:many}` } }, tagged), "of a key with several values");
    assert.ok(
      met(
        { ArnEquals: { "x:arn": `arn:aws:iam::1:user/\${x:key}` } },
        { ...tagged, "x:arn": "arn:aws:iam::1:user/red*" },
      ),
    );
    assert.ok(
      !readConditions({ StringEquals: { k: `\${x:unknown, 'a'}` } }, false)[0]!.met(
        new RequestContext({ k: "a" }),
        true,
      ),
    );
  });

  const refused: readonly [string, object][] = [
    ["an operator that does not exist", { StringMatches: { a: "b" } }],
    ["an operator that cannot be negated", { BoolNot: { a: "true" } }],
    ["a set of Null", { "ForAnyValue:Null": { a: "true" } }],
    ["NullIfExists", { NullIfExists: { a: "true" } }],
    ["a name of every object", { constructor: { a: "true" } }],
    ["a number that is none", { NumericEquals: { a: "ten" } }],
    ["a date that is none", { DateEquals: { a: "yesterday" } }],
    ["a block that is none", { IpAddress: { a: "10.0.0.0/33" } }],
    ["a text that is no ARN", { ArnLike: { a: "arn:aws:sns" } }],
    ["a truth that is none", { Bool: { a: "yes" } }],
    ["a variable without end", { StringEquals: { a: "${aws:username" } }],
    ["no values", { StringEquals: { a: [] } }],
  ];
  for (const [what, condition] of refused) {
    it(`refuse ${what}`, () => assert.throws(() => readConditions(condition, true), PolicyProblem));
  }

  it("compare an ARN part by part for the permissions of functions", () => {
    assert.ok(arnPattern("arn:aws:execute-api:eu-west-1:1:a/*/GET/x")("arn:aws:execute-api:eu-west-1:1:a/dev/GET/x"));
    assert.ok(!arnPattern("no arn")("no arn"));
  });
});
