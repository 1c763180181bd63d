import type { World } from "../helpers";

/** Sign-in. */
export const identity: World = {
  draft: {
    pool: [
      "aws:cognito/userPool:UserPool",
      {
        deletionProtection: "ACTIVE",
        userPoolTier: "PLUS",
        autoVerifiedAttributes: ["email"],
        emailConfiguration: {
          emailSendingAccount: "DEVELOPER",
          sourceArn: "arn:aws:ses:eu-west-1:123456789012:identity/example.com",
        },
        schemas: [
          {
            name: "tenantId",
            attributeDataType: "String",
            stringAttributeConstraints: { minLength: "1", maxLength: "64" },
          },
        ],
        mfaConfiguration: "OPTIONAL",
        userPoolAddOns: { advancedSecurityMode: "ENFORCED" },
        passwordPolicy: {
          minimumLength: 12,
          requireLowercase: true,
          requireUppercase: true,
          requireNumbers: true,
          requireSymbols: true,
        },
      },
      { protect: true },
    ],
    client: [
      "aws:cognito/userPoolClient:UserPoolClient",
      {
        userPoolId: "@{pool}",
        preventUserExistenceErrors: "ENABLED",
        enableTokenRevocation: true,
        allowedOauthFlows: ["code"],
        writeAttributes: ["email"],
        explicitAuthFlows: ["ALLOW_USER_SRP_AUTH"],
        accessTokenValidity: 15,
        tokenValidityUnits: { accessToken: "minutes" },
      },
    ],
    identities: ["aws:cognito/identityPool:IdentityPool", { allowUnauthenticatedIdentities: false }],
  },
};

/** A site on CloudFront. */
export const site: World = {
  draft: {
    distribution: [
      "aws:cloudfront/distribution:Distribution",
      {
        defaultRootObject: "index.html",
        webAclId: "arn:aws:wafv2:us-east-1:123456789012:global/webacl/a",
        loggingConfig: { bucket: "logs.s3.amazonaws.com" },
        viewerCertificate: { minimumProtocolVersion: "TLSv1.2_2021", sslSupportMethod: "sni-only" },
        origins: [
          ...["near", "far"].map((originId) => ({
            originId,
            domainName: `${originId}.s3.amazonaws.com`,
            originAccessControlId: "oac",
            connectionAttempts: 1,
            connectionTimeout: 2,
          })),
          {
            originId: "servers",
            domainName: "api.example.com",
            customOriginConfig: { originProtocolPolicy: "https-only", originSslProtocols: ["TLSv1.2"] },
          },
        ],
        originGroups: [
          {
            originId: "both",
            failoverCriteria: { statusCodes: [403, 500, 503] },
            members: [{ originId: "near" }, { originId: "far" }],
          },
        ],
        defaultCacheBehavior: {
          targetOriginId: "both",
          viewerProtocolPolicy: "redirect-to-https",
          responseHeadersPolicyId: "@{headers}",
        },
      },
    ],
    headers: [
      "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy",
      {
        securityHeadersConfig: {
          strictTransportSecurity: { accessControlMaxAgeSec: 31_536_000, override: true },
          contentSecurityPolicy: { contentSecurityPolicy: "default-src 'none'; script-src 'self'", override: true },
        },
      },
    ],
  },
};
