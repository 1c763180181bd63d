import assert from "node:assert/strict";
import { createContext, runInContext } from "node:vm";
import type { GraphIndex } from "../../../graph/model";
import { pagesFunctionCode } from "../../../infra/web/pages-function";
import { rolesOf } from "../../../infra/web/site-objects";
import { planned, replanned } from "../../conformance/plans";

const objectType = "aws:s3/bucketObjectv2:BucketObjectv2";
const distributionType = "aws:cloudfront/distribution:Distribution";

describe("the web app's hosting", () => {
  let prod: GraphIndex;
  let distribution: any;

  before(async () => {
    prod = await planned("prod");
    [{ inputs: distribution }] = prod.ofType(distributionType) as [any];
  });

  const objectsOf = (plan: GraphIndex) =>
    plan.ofType(objectType).filter(({ urn }) => urn.includes("platform:web:WebSite"));

  it("has the same files in a bucket of each region, owned by the primary region's stack", () => {
    assert.deepEqual([...new Set(objectsOf(prod).map(({ region }) => region))].sort(), ["eu-central-1", "eu-west-1"]);
    const [one, other] = ["eu-central-1", "eu-west-1"].map((name) =>
      objectsOf(prod)
        .filter(({ region }) => region === name)
        .map(({ inputs: { bucket: _, ...rest } }) => JSON.stringify(rest))
        .sort(),
    );
    assert.deepEqual(one, other);
    for (const { urn } of objectsOf(prod)) assert.match(urn, /::eu-west-1-web-/);
  });

  it("fails over to the other region's bucket on a missing key, which is 403, after one try of 2 s", () => {
    const [group] = distribution.originGroups;
    assert.deepEqual(
      group.members.map(({ originId }: any) => originId),
      ["primary", "standby"],
    );
    assert.ok(group.failoverCriteria.statusCodes.includes(403));
    for (const origin of distribution.origins) {
      assert.deepEqual([origin.connectionAttempts, origin.connectionTimeout], [1, 2]);
      const region = origin.originId === "primary" ? "eu-west-1" : "eu-central-1";
      assert.match(origin.domainName, new RegExp(`\\.s3\\.${region}\\.amazonaws\\.com$`));
      assert.ok(origin.originAccessControlId);
    }
    for (const each of [distribution.defaultCacheBehavior, ...distribution.orderedCacheBehaviors]) {
      assert.equal(each.targetOriginId, group.originId);
      assert.deepEqual(each.allowedMethods, ["GET", "HEAD"]);
    }
  });

  it("lets this distribution alone read the buckets", () => {
    const policies = prod.ofType("aws:s3/bucketPolicy:BucketPolicy").filter(({ name }) => /-web-/.test(name));
    assert.equal(policies.length, 2);
    const { arn } = prod.ofType(distributionType)[0]!.outputs;
    for (const { inputs } of policies) {
      const { Statement } = JSON.parse(inputs["policy"]);
      const allowing = Statement.filter(({ Effect }: any) => Effect === "Allow");
      assert.deepEqual(allowing, [
        {
          ...{ Sid: "Distribution", Effect: "Allow", Action: ["s3:GetObject"], Resource: allowing[0].Resource },
          Principal: { Service: "cloudfront.amazonaws.com" },
          Condition: { StringEquals: { "AWS:SourceArn": arn } },
        },
      ]);
    }
  });

  it("keeps files with a hash for a year, and the page and its settings for a minute, never in a browser", () => {
    for (const { inputs } of objectsOf(prod)) {
      const long = inputs["key"].startsWith("assets/");
      const expected = long ? "public, max-age=31536000, immutable" : "public, max-age=0, s-maxage=60, must-revalidate";
      assert.equal(inputs["cacheControl"], expected, inputs["key"]);
      if (long) assert.match(inputs["key"], /-[\w-]{8}\.(js|css|svg)$/);
    }
  });

  it("puts the page last, when all that it loads is there", () => {
    const objects = objectsOf(prod).filter(({ region }) => region === "eu-west-1");
    const page = objects.find(({ inputs }) => inputs["key"] === "index.html")!;
    const others = objects.filter((each) => each !== page).map(({ urn }) => urn);
    assert.ok(others.length >= 4);
    for (const urn of others) assert.ok(page.dependencies.includes(urn), urn);
  });

  it("accepts TLS 1.2 at least, with a certificate of us-east-1 for its name, which two records lead to", () => {
    const { viewerCertificate, aliases } = distribution;
    assert.equal(viewerCertificate.minimumProtocolVersion, "TLSv1.2_2021");
    assert.match(viewerCertificate.acmCertificateArn, /:us-east-1:/);
    assert.deepEqual(aliases, ["app.example.com"]);
    const records = prod.where("aws:route53/record:Record", { name: "app.example.com" });
    assert.deepEqual(records.map(({ inputs }) => inputs["type"]).sort(), ["A", "AAAA"]);
  });

  it("has a policy without inline scripts or styles, framing or other origins than the API and the sign-in page", () => {
    const [{ inputs }] = prod.ofType("aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy") as [any];
    const { contentSecurityPolicy: csp, ...security } = inputs.securityHeadersConfig;
    assert.doesNotMatch(csp.contentSecurityPolicy, /unsafe|\*|data:|blob:/);
    assert.deepEqual(csp.contentSecurityPolicy.split("; "), [
      "default-src 'none'",
      ...["script-src 'self'", "style-src 'self'", "img-src 'self'"],
      "connect-src 'self' https://api.example.com https://example-platform-prod.auth.eu-west-1.amazoncognito.com",
      ...["base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"],
      ...["require-trusted-types-for 'script'", "trusted-types 'none'"],
    ]);
    for (const header of [csp, ...Object.values<any>(security)]) assert.equal(header.override, true);
    assert.equal(security.frameOptions.frameOption, "DENY");
    const { accessControlMaxAgeSec, includeSubdomains } = security.strictTransportSecurity;
    assert.ok(accessControlMaxAgeSec >= 31_536_000 && includeSubdomains);
    assert.deepEqual(security.referrerPolicy, { referrerPolicy: "no-referrer", override: true });
    assert.deepEqual(Object.keys(security).sort(), [
      ...["contentTypeOptions", "frameOptions", "referrerPolicy", "strictTransportSecurity"],
    ]);
    assert.deepEqual(
      inputs.customHeadersConfig.items.map(({ header, value, override }: any) => [header, value, override]),
      [
        ["cross-origin-opener-policy", "same-origin", true],
        ["cross-origin-resource-policy", "same-origin", true],
        ["permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()", true],
      ],
    );
    assert.deepEqual(
      inputs.removeHeadersConfig.items.map(({ header }: any) => header),
      ["server", "x-amz-server-side-encryption", "x-amz-version-id", "x-amz-replication-status"],
    );
  });

  it("rewrites pages to the app's file, and no asset, on the behaviour of pages alone", () => {
    const handler: (event: object) => { uri: string } = runInContext(`${pagesFunctionCode};handler`, createContext());
    const uriOf = (uri: string) => handler({ request: { uri } }).uri;
    for (const page of ["/", "/food-store", "/signed-in", "/a.b/c"]) assert.equal(uriOf(page), "/index.html", page);
    for (const file of ["/favicon.ico", "/assets/index-Chj3HgTr.js"]) assert.equal(uriOf(file), file);
    assert.equal(distribution.defaultCacheBehavior.functionAssociations.length, 1);
    for (const each of distribution.orderedCacheBehaviors) assert.equal(each.functionAssociations, undefined);
    assert.equal(distribution.customErrorResponses, undefined);
  });

  it("tells the app what it needs of its environment, from the outputs of the deployment", () => {
    const [{ inputs }] = objectsOf(prod).filter((each) => each.inputs["key"] === "config.json") as [any];
    const client = prod.ofType("aws:cognito/userPoolClient:UserPoolClient").find(({ name }) => /-web$/.test(name))!;
    const { signIn, ...rest } = JSON.parse(inputs.content);
    assert.equal(signIn.clientId, client.outputs["id"]);
    assert.deepEqual(client.inputs["callbackUrls"], ["https://app.example.com/signed-in"]);
    assert.deepEqual(client.inputs["logoutUrls"], ["https://app.example.com/"]);
    assert.ok(signIn.scopes.length >= 5);
    assert.deepEqual(Object.keys(rest), ["environment", "apiUrl", "regions", "services"]);
    assert.equal(rest.apiUrl, "https://api.example.com");
    assert.deepEqual(rest.regions[1], { name: "eu-central-1", url: "https://eu-central-1.api.example.com" });
    assert.ok(rest.services.every(({ title }: any) => /^[A-Z]/.test(title)));
    assert.equal(prod.graph.outputs["edge"]["eu-west-1"].webUrl, "https://app.example.com");
  });

  it("logs requests without what is secret in them, and has an alarm with an action", () => {
    const [{ inputs: delivery }] = prod.ofType("aws:cloudwatch/logDelivery:LogDelivery") as [any];
    for (const field of ["cs-uri-query", "cs(Referer)", "cs(Cookie)"])
      assert.ok(!delivery.recordFields.includes(field));
    const alarm = prod
      .ofType("aws:cloudwatch/metricAlarm:MetricAlarm")
      .find(({ name }) => name === "eu-west-1-web-errors")!;
    assert.equal(alarm.region, "us-east-1");
    assert.match(alarm.inputs["alarmActions"][0], /^arn:aws:sns:us-east-1:/);
  });

  it("asks one bucket in an environment of one region, and is not there unless configured", async () => {
    const dev = await planned("dev");
    const [{ inputs }] = dev.ofType(distributionType) as [any];
    assert.equal(inputs.originGroups, undefined);
    assert.equal(inputs.defaultCacheBehavior.targetOriginId, "primary");
    const without = await replanned("dev", (config) => {
      config.web = undefined;
    });
    assert.deepEqual(without.ofType(distributionType), []);
    assert.deepEqual(objectsOf(without), []);
  });

  it("gives files that differ by their hash, their folder or what it writes itself names of their own", () => {
    const files = ["assets/b-AAAAAAAA.js", "assets/b-BBBBBBBB.js", "b.js", "config.json", "assets/sub/b-CCCCCCCC.js"];
    const roles = rolesOf(files);
    assert.deepEqual([...roles.values()].sort(), ["b.js", "b.js-2", "b.js-3", "b.js-4", "config.json-2"]);
    assert.deepEqual(rolesOf([...files].reverse()), roles);
  });

  it("changes the objects of a changed file alone", async () => {
    const before = objectsOf(prod).map(({ name }) => name);
    assert.equal(new Set(before).size, before.length);
    // A file's name here has no hash: another version is the same resource with another key.
    for (const name of before) assert.doesNotMatch(name, /-[\w-]{8}\.(js|css)$/);
    assert.ok(before.includes("eu-west-1-web-eu-central-1-index.js"), before.join(" "));
  });
});
