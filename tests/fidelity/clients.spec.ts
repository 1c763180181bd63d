import assert from "node:assert/strict";
import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ResourceNotFoundException,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import {
  DiscoverInstancesCommand,
  InvalidInput,
  NamespaceNotFound,
  ServiceDiscoveryClient,
  ServiceNotFound,
} from "@aws-sdk/client-servicediscovery";
import { CognitoJwtVerifier } from "aws-jwt-verify";
import { SimpleJwksCache } from "aws-jwt-verify/jwk";
import { request } from "undici";
import type { GraphIndex } from "../../graph/model";
import { type CloudMapService, readCloudMapServices } from "../../local/cloudmap/discovery";
import { DiscoveryEndpoint } from "../../local/cloudmap/discovery-endpoint";
import { type RunningIssuer, startIssuer } from "../../local/cognito/issuer";
import { signIn } from "../../local/cognito/sign-in";
import { UserPools } from "../../local/cognito/user-pools";
import { DynamoDbStore } from "../../local/dynamodb/store";
import { Reaper } from "../../local/processes/reaper";
import { Browser } from "../local/cognito/browser";
import { callback, clientIdOf, issuerOf, keys, plannedIdentity, signedOut } from "../local/cognito/planned";
import { operatorOnly } from "../local/helpers/access";
import { addEcs, addTable, plan } from "../local/helpers/program";

const credentials = { accessKeyId: "local", secretAccessKey: "local" };
const region = "eu-west-1";
const password = "a long Passw0rd";

/** Published clients, as they are: only the address of what they call is mapped to this machine. */
describe("clients of other people work with the local platform", () => {
  describe("the issuer", () => {
    let index: GraphIndex;
    let issuer: RunningIssuer;
    let web: string;
    let service: string;

    before(async () => {
      index = await plannedIdentity();
      const userPools = new UserPools(index, { keys });
      issuer = await startIssuer({ index, port: 0, log: () => {}, userPools });
      const directory = userPools.directory(userPools.pools[0]!.id);
      const user = directory.addQuick("ada@example.com", { email: "ada@example.com", email_verified: "true" });
      user.setPassword(password);
      web = clientIdOf(index, "web");
      service = clientIdOf(index, "service");
    });
    after(() => issuer.stop());

    /** The address on this machine of a URL of the planned issuer. */
    const mapped = (url: string) => url.replace("https://cognito-idp.eu-west-1.amazonaws.com", issuer.url);

    async function discovered(clientId: string, secret?: string) {
      const openid = await import("openid-client");
      const authentication = secret === undefined ? openid.None() : openid.ClientSecretBasic(secret);
      const configuration = await openid.discovery(new URL(issuerOf(index)), clientId, secret, authentication, {
        execute: [openid.allowInsecureRequests],
        [openid.customFetch]: (url, options) => fetch(mapped(url), options as RequestInit),
      });
      return { openid, configuration };
    }

    /** Does what a browser does: follows the redirect to the form, fills it in, and keeps its cookie. */
    async function browse(url: URL): Promise<{ landed: URL; cookie: string }> {
      const browser = new Browser(issuer.url);
      const first = await browser.get(url.pathname + url.search);
      assert.equal(first.status, 302);
      await browser.get(first.location);
      const { location } = await browser.submit({ username: "ada@example.com", password });
      return { landed: new URL(location), cookie: `cognito=${browser.cookies.get("cognito")}` };
    }

    it("openid-client: discovery, code with PKCE, user info, refresh, revocation, end of the session", async () => {
      const { openid, configuration } = await discovered(web);
      const verifier = openid.randomPKCECodeVerifier();
      const [state, nonce] = [openid.randomState(), openid.randomNonce()];
      const authorization = openid.buildAuthorizationUrl(configuration, {
        redirect_uri: callback,
        scope: "openid email",
        code_challenge: await openid.calculatePKCECodeChallenge(verifier),
        code_challenge_method: "S256",
        state,
        nonce,
      });
      const { landed, cookie } = await browse(authorization);
      // Verifies state, nonce, issuer, audience and times of the ID token.
      const tokens = await openid.authorizationCodeGrant(configuration, landed, {
        pkceCodeVerifier: verifier,
        expectedState: state,
        expectedNonce: nonce,
        idTokenExpected: true,
      });
      const { sub } = tokens.claims()!;
      const info = await openid.fetchUserInfo(configuration, tokens.access_token, sub);
      assert.deepEqual([info.sub, info.email], [sub, "ada@example.com"]);

      const refreshed = await openid.refreshTokenGrant(configuration, tokens.refresh_token!);
      assert.equal(refreshed.claims()!.sub, sub);
      await openid.tokenRevocation(configuration, refreshed.refresh_token!);
      await assert.rejects(openid.refreshTokenGrant(configuration, refreshed.refresh_token!), {
        error: "invalid_grant",
      });

      const end = openid.buildEndSessionUrl(configuration, { logout_uri: signedOut });
      const ended = await request(end, { headers: { cookie } });
      assert.deepEqual([ended.statusCode, ended.headers["location"]], [302, signedOut]);
    });

    it("openid-client verifies the signature of the ID token with the key set of the issuer", async () => {
      const { openid, configuration } = await discovered(web);
      openid.enableNonRepudiationChecks(configuration);
      const verifier = openid.randomPKCECodeVerifier();
      const url = openid.buildAuthorizationUrl(configuration, {
        redirect_uri: callback,
        scope: "openid",
        code_challenge: await openid.calculatePKCECodeChallenge(verifier),
        code_challenge_method: "S256",
      });
      const { landed } = await browse(url);
      const tokens = await openid.authorizationCodeGrant(configuration, landed, { pkceCodeVerifier: verifier });
      assert.equal(tokens.claims()!.aud, web);
    });

    it("openid-client: client credentials, and the error of a wrong secret", async () => {
      const { openid, configuration } = await discovered(service, issuer.clientSecret(service));
      const { access_token: token, scope } = await openid.clientCredentialsGrant(configuration);
      assert.ok(token.length > 100);
      assert.equal(scope, undefined);
      const wrong = await discovered(service, "wrong");
      await assert.rejects(openid.clientCredentialsGrant(wrong.configuration), { error: "invalid_client" });
    });

    it("aws-jwt-verify accepts each kind of token as what it is, and refuses the other", async () => {
      const userPoolId = index.ofType("aws:cognito/userPool:UserPool")[0]!.outputs["id"];
      const asked: string[] = [];
      const fetcher = {
        fetch: async (uri: string) => {
          asked.push(uri);
          return (await request(mapped(uri))).body.arrayBuffer();
        },
      };
      const verifierOf = (tokenUse: "access" | "id") =>
        CognitoJwtVerifier.create(
          { userPoolId, tokenUse, clientId: web },
          { jwksCache: new SimpleJwksCache({ fetcher }) },
        );
      const { accessToken, idToken } = await signIn({ issuerUrl: issuer.url, user: "ada", groups: ["staff"] });
      const access = await verifierOf("access").verify(accessToken, { groups: "staff", scope: "food-store/write" });
      assert.equal(access.client_id, web);
      const id = await verifierOf("id").verify(idToken);
      assert.equal(id.sub, access.sub);
      await assert.rejects(verifierOf("access").verify(idToken), /Token use not allowed/);
      await assert.rejects(verifierOf("id").verify(accessToken), /Token use not allowed/);
      await assert.rejects(verifierOf("access").verify(`${accessToken.slice(0, -8)}AAAAAAAA`), /Invalid signature/);
      assert.equal(new Set(asked).size, 1);
      assert.ok(asked[0]!.startsWith("https://cognito-idp.eu-west-1.amazonaws.com/"));
    });
  });

  describe("the AWS SDK", () => {
    let index: GraphIndex;
    let reaper: Reaper;
    let store: DynamoDbStore;
    let discovery: DiscoveryEndpoint;
    let instances: CloudMapService;

    before(async () => {
      reaper = new Reaper();
      index = await plan("/nowhere", (each) => {
        addTable(each);
        addEcs(each);
      });
      store = new DynamoDbStore(() => {}, reaper);
      await store.open();
      await store.createTables(index);
      const services = readCloudMapServices(index);
      instances = [...services.values()][0]!;
      discovery = new DiscoveryEndpoint(index, services, operatorOnly, () => {});
      await discovery.start();
    });
    after(async () => {
      await discovery.stop();
      await store.stop();
      await reaper.stop();
    });

    it("writes, reads and queries DynamoDB, and gets its errors as classes", async () => {
      const client = new DynamoDBClient({ endpoint: store.url, region, credentials });
      const Key = { id: { S: "1" } };
      const Item = { ...Key, kind: { S: "tea" }, n: { N: "1" }, raw: { B: Buffer.from([0, 255]) } };
      const create = new PutItemCommand({
        TableName: "things",
        Item,
        ConditionExpression: "attribute_not_exists(id)",
      });
      await client.send(create);
      await assert.rejects(client.send(create), ConditionalCheckFailedException);
      const update = { UpdateExpression: "ADD n :one", ExpressionAttributeValues: { ":one": { N: "1" } } };
      const { Attributes } = await client.send(
        new UpdateItemCommand({ TableName: "things", Key, ...update, ReturnValues: "ALL_NEW" }),
      );
      assert.equal(Attributes!["n"]!.N, "2");
      const { Item: read } = await client.send(new GetItemCommand({ TableName: "things", Key, ConsistentRead: true }));
      assert.deepEqual(Buffer.from(read!["raw"]!.B!), Buffer.from([0, 255]));
      const { Items } = await client.send(
        new QueryCommand({
          TableName: "things",
          IndexName: "by-kind",
          KeyConditionExpression: "kind = :kind",
          ExpressionAttributeValues: { ":kind": { S: "tea" } },
        }),
      );
      assert.deepEqual(
        Items!.map(({ id }) => id!.S),
        ["1"],
      );
      await assert.rejects(client.send(new GetItemCommand({ TableName: "other", Key })), ResourceNotFoundException);
      client.destroy();
    });

    it("discovers instances in Cloud Map by health and attributes, in any order, and gets its errors", async () => {
      const client = new ServiceDiscoveryClient({
        endpoint: discovery.url,
        region,
        credentials,
        disableHostPrefix: true,
      });
      const names = { NamespaceName: "ns-1", ServiceName: "thing" };
      const discover = async (more: object = {}) =>
        (await client.send(new DiscoverInstancesCommand({ ...names, ...more }))).Instances!;
      const ids = (found: readonly { InstanceId?: string }[]) => found.map(({ InstanceId: id }) => id).sort();
      assert.deepEqual(await discover(), []);
      const revision = async () => (await client.send(new DiscoverInstancesCommand(names))).InstancesRevision!;
      const before = await revision();
      const [a] = ["a", "b"].map((id, i) => instances.register({ id, origin: `http://127.0.0.1:${9_000 + i}` }, true));
      assert.deepEqual(ids(await discover()), ["a", "b"]); // none is healthy, so all are
      a!.report(true);
      assert.deepEqual(await discover(), [
        {
          InstanceId: "a",
          NamespaceName: "ns-1",
          ServiceName: "thing",
          HealthStatus: "HEALTHY",
          Attributes: { AWS_INSTANCE_IPV4: "127.0.0.1", AWS_INSTANCE_PORT: "9000" },
        },
      ]);
      assert.deepEqual(ids(await discover({ HealthStatus: "ALL" })), ["a", "b"]);
      assert.deepEqual(ids(await discover({ HealthStatus: "UNHEALTHY" })), ["b"]);
      assert.equal((await discover({ HealthStatus: "ALL", MaxResults: 1 })).length, 1);
      const port = { AWS_INSTANCE_PORT: "9001" };
      assert.deepEqual(ids(await discover({ HealthStatus: "ALL", QueryParameters: port })), ["b"]);
      assert.deepEqual(ids(await discover({ QueryParameters: port })), []);
      assert.deepEqual(ids(await discover({ HealthStatus: "ALL", OptionalParameters: { none: "1" } })), ["a", "b"]);
      assert.ok((await revision()) > before);
      await assert.rejects(discover({ ServiceName: "other" }), ServiceNotFound);
      await assert.rejects(discover({ NamespaceName: "other" }), NamespaceNotFound);
      await assert.rejects(discover({ MaxResults: 1_001 }), InvalidInput);
      client.destroy();
    });

    it("sees the services of its own region only, and no page reads them", async () => {
      const elsewhere = { endpoint: discovery.url, region: "eu-central-1", credentials, disableHostPrefix: true };
      const client = new ServiceDiscoveryClient(elsewhere);
      const names = { NamespaceName: "ns-1", ServiceName: "thing" };
      await assert.rejects(client.send(new DiscoverInstancesCommand(names)), NamespaceNotFound);
      client.destroy();
      const { statusCode, headers } = await request(discovery.url, { headers: { host: "attacker.example.com" } });
      assert.deepEqual([statusCode, headers["access-control-allow-origin"]], [403, undefined]);
    });
  });
});
