/**
 * The operations of AWS services that the code of the project uses, by the service's name in signatures: each with its
 * method and path where the protocol has such. Made by `npm run generate` from the commands of the AWS SDK that the
 * sources import.
 */
export const operations: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  apigateway: {
    CreateApiKey: "POST /apikeys",
    CreateUsagePlanKey: "POST /usageplans/{usagePlanId}/keys",
    DeleteApiKey: "DELETE /apikeys/{apiKey}",
    DeleteUsagePlanKey: "DELETE /usageplans/{usagePlanId}/keys/{keyId}",
    GetApiKeys: "GET /apikeys",
    GetUsage: "GET /usageplans/{usagePlanId}/usage",
    GetUsagePlan: "GET /usageplans/{usagePlanId}",
    GetUsagePlanKeys: "GET /usageplans/{usagePlanId}/keys",
    GetUsagePlans: "GET /usageplans",
    UpdateApiKey: "PATCH /apikeys/{apiKey}",
  },
  "cognito-idp": {
    AdminAddUserToGroup: "",
    AdminCreateUser: "",
    AdminDeleteUser: "",
    AdminDisableUser: "",
    AdminEnableUser: "",
    AdminGetUser: "",
    AdminListGroupsForUser: "",
    AdminRemoveUserFromGroup: "",
    AdminSetUserPassword: "",
    AdminUpdateUserAttributes: "",
    AdminUserGlobalSignOut: "",
    DescribeUserPoolClient: "",
    DescribeUserPoolDomain: "",
    ListUsers: "",
    ListUsersInGroup: "",
  },
  dynamodb: {
    CreateTable: "",
    DeleteItem: "",
    DescribeTable: "",
    GetItem: "",
    PutItem: "",
    Query: "",
    Scan: "",
    UpdateItem: "",
    UpdateTimeToLive: "",
  },
  "execute-api": {
    DeleteConnection: "DELETE /@connections/{ConnectionId}",
    PostToConnection: "POST /@connections/{ConnectionId}",
  },
  s3: {
    DeleteObject: "DELETE /{Key+}?x-id=DeleteObject",
    GetObject: "GET /{Key+}?x-id=GetObject",
    ListObjectsV2: "GET /?list-type=2",
    PutObject: "PUT /{Key+}?x-id=PutObject",
  },
  secretsmanager: {
    GetSecretValue: "",
    PutSecretValue: "",
  },
  servicediscovery: {
    DiscoverInstances: "",
  },
  ses: {
    SendEmail: "POST /v2/email/outbound-emails",
  },
  sqs: {
    GetQueueAttributes: "",
    ListMessageMoveTasks: "",
    SendMessage: "",
    StartMessageMoveTask: "",
  },
  ssm: {
    GetParameter: "",
  },
  sts: {
    GetCallerIdentity: "",
  },
};
