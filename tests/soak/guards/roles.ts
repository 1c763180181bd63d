import { editsOf, type Threat, testsOf } from "./threat";

const forwarding = testsOf("tests/infra/gateway/forwarder.spec.ts");
const identityTriggers = testsOf("tests/infra/identity/triggers.spec.ts");
const tenants = testsOf("tests/infra/gateway/tenants.spec.ts");
const forwarder = editsOf("infra/gateway/rest/forwarder.ts");
const groups = editsOf("infra/traffic/security-group.ts");
const authorizer = editsOf("infra/gateway/rest/tenants/tenant-authorizer.ts");
const triggers = editsOf("infra/identity/triggers/triggers-of.ts");

const discover = 'allow(["servicediscovery:DiscoverInstances"]';

/** What the code of the platform's functions could do, had somebody else taken it over. */
export const roleThreats: readonly Threat[] = [
  {
    input: "The authorizer's code reads another secret, or does anything else",
    result: "its role may read the secret of the tenants' keys, log and trace",
    test: tenants("are admitted by a function that may read the secret and nothing else"),
    removals: [
      [authorizer('["secretsmanager:GetSecretValue"], secret.arn', '["secretsmanager:GetSecretValue"], "*"')],
      [authorizer('["secretsmanager:GetSecretValue"]', '["secretsmanager:*"]')],
      [authorizer("secret.arn),", 'secret.arn), allow(["s3:GetObject"], "*"),')],
    ],
  },
  {
    input: "The forwarder's code asks Cloud Map for other services",
    result: "its role may ask for those of the REST API",
    test: forwarding("may reach the servers' port, and ask Cloud Map for its own services only"),
    removals: [[forwarder('"*", { StringEquals: names })', '"*")')]],
  },
  {
    input: "The forwarder's code does anything else",
    result: "its role may not",
    test: forwarding("has a role that may do this, log and use its interfaces, and nothing else"),
    removals: [[forwarder(discover, 'allow(["servicediscovery:DiscoverInstances", "s3:GetObject"]')]],
  },
  {
    input: "The forwarder's code connects to other servers, or to the internet",
    result: "its group lets it reach its services' servers and the VPC's endpoints, where there are some",
    test: forwarding("may connect to its servers, and to the VPC's endpoints or"),
    removals: [[groups("if (storagePrefixLists === undefined) {", "if (storagePrefixLists !== null) {")]],
  },
  {
    input: "The pre-token trigger's code writes memberships, or reads another table",
    result: "its role may read items of this one",
    test: tenants("are written into access tokens by a trigger that may read one item of the members' table"),
    removals: [
      [triggers('["dynamodb:GetItem"], members.arn', '["dynamodb:GetItem"], "*"')],
      [triggers('["dynamodb:GetItem"]', '["dynamodb:GetItem", "dynamodb:PutItem"]')],
      [
        triggers(
          'allow(["dynamodb:GetItem"], members.arn)',
          'allow(["dynamodb:GetItem"], members.arn), allow(["s3:GetObject"], "*")',
        ),
      ],
    ],
  },
  {
    input:
      "The code of another trigger of the user pool puts people into groups, moves them between tenants, or sends mail",
    result:
      "each has a role of its own: one may add to groups of this pool and make members, one send from one address",
    test: identityTriggers(
      "may do what they need: read and make members, put a person into a group of this pool, send from one address",
    ),
    removals: [
      [
        triggers(
          '["cognito-idp:AdminAddUserToGroup"]',
          '["cognito-idp:AdminAddUserToGroup", "cognito-idp:AdminGetUser"]',
        ),
      ],
      [triggers('allow(["ses:SendEmail"], identityArn, ', 'allow(["ses:SendEmail"], "*", ')],
      [triggers(', { StringEquals: { "ses:FromAddress": from } })', ")")],
      [triggers('allow(["dynamodb:GetItem", "dynamodb:PutItem"], members.arn)', 'allow(["dynamodb:*"], members.arn)')],
    ],
  },
];
