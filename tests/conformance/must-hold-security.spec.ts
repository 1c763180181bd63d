import assert from "node:assert/strict";
import { catalog, serviceNames } from "../../apps/catalog";
import type { Service } from "../../apps/kit/contract";
import type { GraphIndex, PlannedResource } from "../../graph/model";
import { referenceRoutes } from "../../infra/gateway/reference";
import { configOf, environments, ofProtocol, planned } from "./plans";

/** Actions that IAM cannot limit to a resource. */
const unlimitedActions =
  /^(ecr:GetAuthorizationToken|logs:DescribeLogGroups|xray:(Put|GetSampling)\w+|ssmmessages:\w+|servicediscovery:DiscoverInstances|ec2:Describe(NetworkInterfaces|Subnets))$/;

/** AWS's own policies that roles carry, all of them for services of AWS, never for code of ours. */
const managedPolicies = [
  "arn:aws:iam::aws:policy/AWSElasticBeanstalkManagedUpdatesCustomerRolePolicy",
  "arn:aws:iam::aws:policy/service-role/AWSElasticBeanstalkEnhancedHealth",
];

/** EC2 sends no account. */
const sendNoAccount = new Set(["apigateway.amazonaws.com", "ec2.amazonaws.com", "elasticbeanstalk.amazonaws.com"]);

const world = /^(0\.0\.0\.0\/0|::\/0)$/;
const answers = "1024-65535";
const ports = ({ fromPort, toPort }: any) => `${fromPort}-${toPort}`;
const list = (value: unknown): any[] => (value === undefined ? [] : [value].flat());

for (const environment of environments) {
  describe(`${environment}, seen by an attacker`, () => {
    const config = configOf(environment);
    const regions: string[] = config.regions.map(({ name }: any) => name);
    let plan: GraphIndex;
    before(async () => {
      plan = await planned(environment);
    });

    /** The service whose component a resource is below. */
    const serviceOf = ({ inputs }: PlannedResource): string | undefined => inputs["tags"]?.service;
    const allInputs = (type: string) => plan.ofType(type).map(({ inputs }) => inputs);

    it("admits nothing from any address to any security group", () => {
      const rules = plan.ofType("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule");
      assert.ok(rules.length >= 5 * regions.length);
      for (const { name, inputs, region } of rules) {
        const { cidr } = config.regions.find((each: any) => each.name === region);
        assert.ok(inputs["referencedSecurityGroupId"] || inputs["cidrIpv4"] === cidr, name);
        assert.deepEqual([inputs["cidrIpv6"], inputs["prefixListId"]], [undefined, undefined]);
        assert.equal(inputs["ipProtocol"], "tcp");
      }
      for (const { inputs } of plan.ofType("aws:ec2/securityGroup:SecurityGroup")) {
        assert.deepEqual([inputs["ingress"], inputs["egress"]], [undefined, undefined]);
      }
      for (const type of ["aws:ec2/securityGroupRule:SecurityGroupRule", "aws:lambda/functionUrl:FunctionUrl"]) {
        assert.equal(plan.ofType(type).length, 0);
      }
      const closed = plan.ofType("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup");
      assert.deepEqual(
        closed.map(({ inputs }) => [inputs["ingress"], inputs["egress"]]),
        regions.map(() => [[], []]),
      );
    });

    // ACLs know no connections, so that answers from any address must be let in at the ports a client or a NAT gateway
    // listens on, 1024-65535, and servers' ports are among them. But out to any address goes port 443 alone: a server's
    // answer to a stranger could never leave.
    it("lets no network ACL complete a connection that the world opens", () => {
      const acls = plan.ofType("aws:ec2/networkAcl:NetworkAcl");
      assert.equal(acls.length, 3 * regions.length);
      for (const { name, inputs } of acls) {
        const isolated = name.endsWith("-isolated-acl");
        const open = (rules: any[]) => rules.filter(({ cidrBlock }) => world.test(cidrBlock)).map(ports);
        assert.deepEqual(open(inputs["ingress"]), isolated ? [] : [answers], name);
        assert.deepEqual(open(inputs["egress"]), isolated ? [] : ["443-443"], name);
        for (const rule of [...inputs["ingress"], ...inputs["egress"]]) {
          assert.deepEqual([rule.action, rule.protocol, rule.ipv6CidrBlock], ["allow", "tcp", undefined]);
        }
      }
    });

    it("gives no server a public address, and no balancer either", () => {
      const text = JSON.stringify(plan.graph.resources.map(({ inputs }) => inputs));
      assert.doesNotMatch(text, /"(assignPublicIp|associatePublicIpAddress|mapPublicIpOnLaunch)":"?true/);
      for (const { settings } of allInputs("aws:elasticbeanstalk/environment:Environment")) {
        const value = (name: string) => settings.find((setting: any) => setting.name === name)?.value;
        assert.deepEqual([value("AssociatePublicIpAddress"), value("ELBScheme")], ["false", "internal"]);
      }
      for (const { internal } of allInputs("aws:lb/loadBalancer:LoadBalancer")) assert.equal(internal, true);
    });

    it("asks for a token with a scope of the service itself on every route that changes something, and for none on GET but of a session", () => {
      const declared = [
        ...Object.values(catalog).flatMap(({ routes, legacyRoutes, workRoutes }) => [
          ...[...routes, ...legacyRoutes],
          ...workRoutes,
        ]),
        ...referenceRoutes(Object.keys(catalog)),
      ];
      const ofSessions = Object.values<Service>(catalog).flatMap(({ definitions }) =>
        Object.values(definitions).flatMap(({ method, path, session }) => (session ? [`${method} ${path}`] : [])),
      );
      for (const region of regions) {
        const routes = ofProtocol(plan, "route:Route", "HTTP").filter((route) => route.region === region);
        assert.deepEqual(
          routes.map(({ inputs }) => inputs["routeKey"]).sort(),
          declared.map(({ method, path }) => `${method} ${path}`).sort(),
        );
        const [authorizer] = plan.where("aws:apigatewayv2/authorizer:Authorizer", { name: `${region}-http-jwt` });
        for (const { inputs } of routes) {
          const { routeKey, authorizationType, authorizationScopes, authorizerId } = inputs;
          const [, method, service] = /^([A-Z]+) \/([a-z-]+)/.exec(routeKey) ?? assert.fail(routeKey);
          const expected =
            method === "GET" && !ofSessions.includes(routeKey)
              ? ["NONE", undefined, undefined]
              : ["JWT", authorizer?.outputs["id"], [`${service}/write`]];
          assert.deepEqual([authorizationType, authorizerId, authorizationScopes], expected, routeKey);
        }
      }
    });

    it("accepts tokens of its own user pool and clients only", () => {
      const [pool] = plan.ofType("aws:cognito/userPool:UserPool");
      const clients = plan.ofType("aws:cognito/userPoolClient:UserPoolClient").map(({ outputs }) => outputs["id"]);
      const authorizers = ofProtocol(plan, "authorizer:Authorizer", "HTTP").map(({ inputs }) => inputs);
      assert.equal(authorizers.length, regions.length);
      for (const { authorizerType, identitySources, jwtConfiguration } of authorizers) {
        assert.deepEqual([authorizerType, identitySources], ["JWT", ["$request.header.Authorization"]]);
        assert.equal(jwtConfiguration.issuer, `https://${pool!.outputs["endpoint"]}`);
        assert.deepEqual(jwtConfiguration.audiences.toSorted(), clients.toSorted());
      }
    });

    it("opens no WebSocket without a decision on the token in its header, which the same pool and clients gave", () => {
      const [pool] = plan.ofType("aws:cognito/userPool:UserPool");
      const clients = plan.ofType("aws:cognito/userPoolClient:UserPoolClient").map(({ outputs }) => outputs["id"]);
      const authorizers = ofProtocol(plan, "authorizer:Authorizer", "WEBSOCKET");
      assert.equal(authorizers.length, config.live ? regions.length : 0);
      for (const { inputs, outputs, region } of authorizers) {
        const { authorizerType, identitySources, authorizerUri } = inputs;
        assert.deepEqual(
          [authorizerType, identitySources],
          ["REQUEST", ["route.request.header.Sec-WebSocket-Protocol"]],
        );
        const routes = ofProtocol(plan, "route:Route", "WEBSOCKET").filter((route) => route.region === region);
        const [connect, ...others] = routes
          .map((route) => route.inputs)
          .sort((a, b) => (a["routeKey"] < b["routeKey"] ? -1 : 1));
        const { routeKey, authorizationType, authorizerId } = connect!;
        assert.deepEqual([routeKey, authorizationType, authorizerId], ["$connect", "CUSTOM", outputs["id"]]);
        assert.deepEqual(
          others.map((route) => route["routeKey"]),
          ["$default", "$disconnect"],
        );
        const decides = plan
          .ofType("aws:lambda/function:Function")
          .find(({ name }) => name === `${region}-live-connections-authorizer`)!;
        assert.ok(authorizerUri.includes(decides.outputs["arn"]));
        const variables = JSON.stringify(decides.inputs["environment"].variables);
        for (const text of [pool!.outputs["id"], ...clients]) assert.ok(variables.includes(text), text);
      }
    });

    it("is reached by its own names and certificates in each region, never by execute-api", () => {
      for (const { disableExecuteApiEndpoint } of allInputs("aws:apigatewayv2/api:Api")) {
        assert.equal(disableExecuteApiEndpoint, true);
      }
      const domains = plan.ofType("aws:apigatewayv2/domainName:DomainName");
      const names = [config.domain.api, ...(config.live ? [config.live.domain] : [])];
      assert.deepEqual(
        domains.map(({ inputs, region }) => `${region} ${inputs["domainName"]}`).sort(),
        regions
          .flatMap((region) => names.flatMap((name) => [`${region} ${name}`, `${region} ${region}.${name}`]))
          .sort(),
      );
      for (const { inputs, region } of domains) {
        const { certificateArn, endpointType, securityPolicy } = inputs["domainNameConfiguration"];
        assert.deepEqual([endpointType, securityPolicy], ["REGIONAL", "TLS_1_2"]);
        const certificate = plan.arn(certificateArn);
        assert.equal(certificate?.region, region);
        const names = [certificate!.inputs["domainName"], ...certificate!.inputs["subjectAlternativeNames"]];
        assert.ok(names.includes(inputs["domainName"]));
      }
    });

    const single = ["GetItem", "PutItem"].map((action) => `dynamodb:${action}`);
    const claiming = ["DeleteItem", "PutItem", "UpdateItem"].map((action) => `dynamodb:${action}`);
    /** What the functions of live changes may do with the table of connections. */
    const ofConnections: Record<string, readonly string[]> = {
      registrar: ["dynamodb:DeleteItem", "dynamodb:PutItem"],
      sender: ["dynamodb:DeleteItem", "dynamodb:Scan"],
      closer: ["dynamodb:DeleteItem"],
    };
    const connectionTable = (region: string): string =>
      plan.ofType("aws:dynamodb/table:Table").find(({ name }) => name === `${region}-live-connections-table`)!.outputs[
        "arn"
      ];
    /** The name of the table that a service needs in addition to its own and that an ARN is of, in one of its regions. */
    function moreTable(arn: string, service: string, region: string): string | undefined {
      return Object.entries(catalog[service as keyof typeof catalog].needs.tables ?? {}).find(([name, { home }]) => {
        const table = plan
          .ofType("aws:dynamodb/table:Table")
          .find((each) => each.name.endsWith(`-data-${service}-${name}`))!;
        const own = table.outputs["arn"].replace(`:${table.region}:`, `:${region}:`);
        return arn === own || (home && arn === table.outputs["arn"]);
      })?.[0];
    }

    it("lets a service's role touch its own tables in its own region, and no other", () => {
      const granted: string[] = [];
      for (const { role, region, statement } of statements()) {
        const tables = list(statement.Resource).filter((arn) => arn.startsWith("arn:aws:dynamodb:"));
        // Pipes read streams, and no items.
        if (tables.every((arn) => arn.includes("/stream/"))) continue;
        const live = /-live-(?:connections-)?(\w+)-role$/.exec(role.name)?.[1];
        if (live !== undefined) {
          assert.deepEqual(tables, [connectionTable(region!)], role.name);
          assert.deepEqual(list(statement.Action), ofConnections[live], role.name);
          granted.push(`${region} live ${live}`);
          continue;
        }
        const service = serviceOf(role)!;
        const more = moreTable(tables[0]!, service, region!);
        if (more !== undefined) {
          assert.equal(tables.length, 1);
          assert.deepEqual(statement.Action, more === "idempotency-keys" ? claiming : single);
          granted.push(`${region} ${service} ${more}`);
          continue;
        }
        const table = plan.ofType("aws:dynamodb/table:Table").find(({ name }) => name.endsWith(`-data-${service}`))!;
        const arn = table.outputs["arn"].replace(`:${table.region}:`, `:${region}:`);
        const queries = tables[0] !== arn;
        assert.deepEqual(tables, [queries ? `${arn}/index/*` : arn]);
        assert.deepEqual(statement.Action, queries ? ["dynamodb:Query"] : ["dynamodb:GetItem", "dynamodb:PutItem"]);
        granted.push(`${region} ${service}${queries ? " by index" : ""}`);
      }
      const expected = regions.flatMap((region) => [
        ...Object.keys(config.live ? ofConnections : {}).map((each) => `${region} live ${each}`),
        ...serviceNames.flatMap((service) => [
          `${region} ${service}`,
          ...(catalog[service].table.indexes.length > 0 ? [`${region} ${service} by index`] : []),
          ...Object.entries(catalog[service].needs.tables ?? {}).flatMap(([name, { home }]) =>
            // Where keys have a home region, the role of the other one may claim them there too.
            Array.from({ length: home && region !== regions[0] ? 2 : 1 }, () => `${region} ${service} ${name}`),
          ),
        ]),
      ]);
      assert.deepEqual(granted.sort(), expected.sort());
    });

    it("names a resource in every right, but for what IAM cannot limit", () => {
      let checked = 0;
      for (const { role, statement } of statements()) {
        for (const action of list(statement.Action)) {
          assert.doesNotMatch(action, /\*/, role.name);
          if (list(statement.Resource).includes("*")) assert.match(action, unlimitedActions, role.name);
          else assert.doesNotMatch(action, unlimitedActions, `${role.name} can have "*" for ${action} alone`);
          checked += 1;
        }
        assert.ok(list(statement.Resource).length > 0);
      }
      assert.ok(checked > 20);
      const attached = allInputs("aws:iam/rolePolicyAttachment:RolePolicyAttachment").map(({ policyArn }) => policyArn);
      assert.deepEqual([...new Set(attached)].sort(), managedPolicies);
      for (const { inputs } of plan.ofType("aws:iam/role:Role")) {
        assert.deepEqual([inputs["managedPolicyArns"], inputs["inlinePolicies"]], [undefined, undefined]);
      }
      for (const type of ["aws:iam/user:User", "aws:iam/accessKey:AccessKey", "aws:iam/policy:Policy"]) {
        assert.equal(plan.ofType(type).length, 0);
      }
    });

    /** Every statement of every role, with the role it belongs to. */
    function statements(): { role: PlannedResource; region: string; statement: any }[] {
      return plan.ofType("aws:iam/rolePolicy:RolePolicy").flatMap(({ inputs, region }) => {
        const role = plan.one("aws:iam/role:Role", { name: inputs["role"] });
        const found: any[] = JSON.parse(inputs["policy"]).Statement;
        assert.ok(
          found.every(({ Effect, NotAction, NotResource }) => Effect === "Allow" && !NotAction && !NotResource),
        );
        return found.map((statement) => ({ role, region: region!, statement }));
      });
    }

    it("lets only services of AWS assume its roles, each for this account", () => {
      for (const { name, inputs } of plan.ofType("aws:iam/role:Role")) {
        const document = inputs["assumeRolePolicy"];
        const { Statement } = typeof document === "string" ? JSON.parse(document) : document;
        for (const { Principal, Condition } of list(Statement)) {
          assert.deepEqual(Object.keys(Principal), ["Service"], name);
          assert.match(Principal.Service, /^[a-z0-9-]+\.amazonaws\.com$/);
          const account = sendNoAccount.has(Principal.Service) ? undefined : "123456789012";
          assert.equal(Condition?.StringEquals?.["aws:SourceAccount"], account, name);
        }
      }
    });

    it("keeps every log for the configured time, Beanstalk's own included", () => {
      const groups = plan.ofType("aws:cloudwatch/logGroup:LogGroup");
      assert.ok(groups.length >= 6 * regions.length);
      for (const { inputs, name } of groups) assert.equal(inputs["retentionInDays"], config.logRetentionDays, name);
      for (const { settings } of allInputs("aws:elasticbeanstalk/environment:Environment")) {
        const kept = settings.find(({ name }: any) => name === "RetentionInDays");
        assert.equal(kept.value, String(config.logRetentionDays));
      }
    });

    it(environment === "prod" ? "protects data, identity and names from deletion" : "can be thrown away whole", () => {
      const kept = environment === "prod";
      const state = ["aws:cognito/userPool:UserPool", "aws:dynamodb/table:Table", "aws:route53/zone:Zone"];
      const bucket = "aws:s3/bucket:Bucket";
      assert.deepEqual(
        [...new Set(plan.graph.resources.filter(({ protect }) => protect).map(({ type }) => type))].sort(),
        kept ? [...state, bucket] : [],
      );
      for (const { protect } of state.flatMap((type) => plan.ofType(type))) assert.equal(protect, kept);
      // Artifacts are built again; what services store is not.
      const withObjects = plan.ofType(bucket).filter(({ name }) => name.endsWith("-objects-bucket"));
      assert.equal(withObjects.length, regions.length);
      for (const each of plan.ofType(bucket)) assert.equal(each.protect, kept && withObjects.includes(each), each.name);
      for (const { deletionProtectionEnabled } of allInputs("aws:dynamodb/table:Table")) {
        assert.equal(deletionProtectionEnabled, kept);
      }
      const [pool] = allInputs("aws:cognito/userPool:UserPool");
      assert.equal(pool!["deletionProtection"], kept ? "ACTIVE" : "INACTIVE");
      for (const { forceDestroy } of allInputs("aws:s3/bucket:Bucket")) assert.equal(forceDestroy, !kept);
      for (const { enableDeletionProtection } of allInputs("aws:lb/loadBalancer:LoadBalancer")) {
        assert.equal(enableDeletionProtection, kept);
      }
    });
  });
}
