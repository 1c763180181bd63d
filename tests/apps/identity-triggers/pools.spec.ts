import assert from "node:assert/strict";
import { createCopy } from "../../../apps/identity-triggers/copy";
import { UserPools as ByApi } from "../../../apps/identity-triggers/pools";
import type { AwsEndpoint } from "../../../local/aws/aws-endpoint";
import type { DirectoryUser } from "../../../local/cognito/directory/directory-user";
import { triggerAttributes } from "../../../local/cognito/triggers";
import { UserPools } from "../../../local/cognito/user-pools";
import { operatorKeys } from "../../../local/iam/access";
import { keys } from "../../local/cognito/planned";
import { plannedPools, startPoolsApi } from "../../local/cognito/pools-api";
import { triggerEvent } from "./events";

describe("copying people by the API of both user pools", function () {
  this.timeout(90_000);
  const variables = ["AWS_ENDPOINT_URL", "AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"] as const;
  const former = variables.map((name) => [name, process.env[name]] as const);
  const failures: string[] = [];
  let endpoint: AwsEndpoint;
  let pools: UserPools;
  let copyTo: Record<"own" | "other", ReturnType<typeof createCopy>>;

  before(async () => {
    const index = await plannedPools();
    pools = new UserPools(index, { keys });
    endpoint = await startPoolsApi(index, pools);
    const { accessKeyId, secretAccessKey } = operatorKeys;
    const values = [endpoint.url, "", accessKeyId, secretAccessKey];
    for (const [i, name] of variables.entries()) process.env[name] = values[i];
    const onFailure = (what: string, error?: unknown) => void failures.push(`${what} ${error ?? ""}`);
    const to = (region: string) => createCopy({ pools: new ByApi(region, "example-platform-prod"), onFailure });
    copyTo = { other: to(other().region), own: to(own().region) };
  });
  after(async () => {
    for (const [name, value] of former) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    await endpoint.stop();
  });
  beforeEach(() => void failures.splice(0));

  const own = () => pools.pools.find(({ region }) => region === "eu-west-1")!;
  const other = () => pools.pools.find(({ region }) => region === "eu-central-1")!;
  /** Makes a user who has signed up. */
  const signedUp = (pool: { readonly id: string }, email: string, verified: boolean): DirectoryUser => {
    const directory = pools.directory(pool.id);
    const user = directory.draft(email, { email, email_verified: String(verified) });
    directory.add(user);
    user.status = verified ? "CONFIRMED" : "UNCONFIRMED";
    return user;
  };
  /** Copies as the trigger of a pool does for a user of it. */
  const copy = (pool: { readonly id: string; readonly region: string }, user: DirectoryUser) => {
    const event = triggerEvent("PostAuthentication_Authentication");
    Object.assign(event, { userPoolId: pool.id, userName: user.username });
    event.request.userAttributes = triggerAttributes(user);
    process.env["AWS_REGION"] = pool.region; // which the client of the own pool reads at its first call
    return copyTo[pool.region === own().region ? "other" : "own"](event);
  };
  const there = (email: string) => pools.directory(other().id).find(email);

  it("takes the place of a sign-up that was never verified, and changes the address at both ends", async () => {
    const squatter = signedUp(other(), "ann@example.com", false);
    const ann = signedUp(own(), "ann@example.com", true);
    ann.memberOf.add("editors");
    await copy(own(), ann);
    assert.deepEqual(failures, []);
    const copied = there("ann@example.com")!;
    assert.notEqual(copied.sub, squatter.sub);
    assert.equal(copied.attributes["custom:subject"], ann.sub);
    assert.deepEqual([copied.status, [...copied.memberOf]], ["CONFIRMED", ["editors"]]);
    ann.attributes["email"] = "ann@new.example.com";
    signedUp(other(), "ann@new.example.com", false);
    await copy(own(), ann);
    assert.deepEqual([there("ann@example.com"), there("ann@new.example.com")], [undefined, copied]);
    assert.deepEqual(failures, []);
  });

  it("does nothing for a copy that is as its original, and changes the original after it", async () => {
    const bob = signedUp(own(), "bob@example.com", true);
    await copy(own(), bob);
    const copied = there("bob@example.com")!;
    const before = { ...bob.attributes };
    await copy(other(), copied);
    assert.deepEqual(bob.attributes, before);
    copied.attributes["email"] = "bob@new.example.com";
    await copy(other(), copied);
    assert.deepEqual(failures, []);
    assert.equal(bob.attributes["email"], "bob@new.example.com");
    assert.equal(bob.attributes["custom:copy"], `${copied.username} bob@new.example.com`);
    assert.equal(copied.attributes["custom:copy"], `${bob.username} bob@new.example.com`);
  });

  it("leaves who has verified the address in the other region", async () => {
    const theirs = signedUp(other(), "eve@example.com", true);
    const eve = signedUp(own(), "eve@example.com", true);
    await copy(own(), eve);
    assert.equal(there("eve@example.com"), theirs);
    assert.equal(eve.attributes["custom:copy"], undefined);
    assert.match(failures.join(), /signed up in each region by themselves/);
  });
});
