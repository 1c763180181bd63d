import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import * as cognito from "@pulumi/aws/cognito";
import * as aws from "@pulumi/aws/provider";
import { AwsClients } from "../../cli/tenant/aws-clients";
import { personId } from "../../cli/tenant/person";
import { capture } from "../../graph/capture/capture";
import { GraphIndex } from "../../graph/model";
import type { AwsEndpoint } from "../../local/aws/aws-endpoint";
import type { Directory } from "../../local/cognito/directory/directory";
import { UserPools } from "../../local/cognito/user-pools";
import { keys } from "../local/cognito/planned";
import { startPoolsApi } from "../local/cognito/pools-api";

describe("whom `npm run tenant -- member --user` finds", () => {
  let endpoint: AwsEndpoint;
  let users: Directory;
  let idOf: (name: string, poolInEach?: boolean) => Promise<string>;

  before(async () => {
    const index = new GraphIndex(
      await capture(() => {
        const provider = new aws.Provider("aws", { region: "eu-west-1" });
        new cognito.UserPool("pool", { usernameAttributes: ["email"] }, { provider });
      }),
    );
    const pools = new UserPools(index, { keys });
    endpoint = await startPoolsApi(index, pools);
    const userPoolId = pools.pools[0]!.id;
    users = pools.directory(userPoolId);
    const signedUp = users.add(users.draft("ada@example.com", { email_verified: "true" }));
    signedUp.status = "CONFIRMED";
    idOf = (name, poolInEach = false) => {
      const environment = {
        ...{ name: "test", regions: [{ name: "eu-west-1", plans: {}, secretArn: "" }], timeScale: 1 },
        ...{ userPoolId, poolInEach, clientIds: [], memberTable: "members" },
        endpoints: { aws: endpoint.url, dynamodb: endpoint.url },
      };
      return personId({ environment, aws: new AwsClients(environment) }, name);
    };
  });
  after(() => endpoint.stop());

  const ofProvider = (name: string, email: string, verified = "false") =>
    users.add(users.draftExternal(name, { email, email_verified: verified }));

  it("a user of a provider, by user name, as `sub`, and as the claim `subject` where each region has a pool", async () => {
    const { sub } = ofProvider("Company_42", "grace@example.com");
    assert.deepEqual([await idOf("Company_42"), await idOf("Company_42", true)], [sub, "Company_42"]);
    assert.deepEqual([await idOf(sub), await idOf(sub, true)], [sub, "Company_42"]);
    ofProvider("Company_joan@example.com/7", "joan@example.com");
    const hash = createHash("sha256").update("Company_joan@example.com/7").digest("hex");
    assert.equal(await idOf("Company_joan@example.com/7", true), `sha256:${hash}`);
  });

  it("a copy, as the user of the other pool", async () => {
    const copy = users.add(
      users.draft("alan@example.com", { email_verified: "true", "custom:subject": "0b3f9c1e-there" }),
    );
    copy.status = "CONFIRMED";
    assert.equal(await idOf("alan@example.com", true), "0b3f9c1e-there");
  });

  it("a user of a provider by an address that is verified; one that the provider alone says is refused", async () => {
    const { sub } = ofProvider("Company_43", "edsger@example.com", "true");
    assert.equal(await idOf("edsger@example.com"), sub);
    ofProvider("Company_44", 'odd"one@example.com');
    await assert.rejects(idOf('odd"one@example.com'), {
      message:
        'the address odd"one@example.com must be verified, got one that the provider of Company_44 gave alone; name the user with --user Company_44',
    });
  });

  it("nobody by an address that two have, with the user names to choose from", async () => {
    const { sub } = users.find("ada@example.com")!;
    assert.equal(await idOf("ada@example.com"), sub);
    ofProvider("Company_45", "ada@example.com", "true");
    await assert.rejects(idOf("ada@example.com"), {
      message: `the address ada@example.com must be of one user, got ${sub}, Company_45; name one of these with --user`,
    });
    assert.equal(await idOf(sub), sub);
  });

  it("nobody whom the pool does not have", async () => {
    for (const name of ["nobody@example.com", "Company_0"]) {
      const message = `the user pool has no user "${name}"; the user must sign up first`;
      await assert.rejects(idOf(name), { message });
    }
  });
});
