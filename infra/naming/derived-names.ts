/** Stands for what the provider appends to a logical name: a hyphen and seven hex digits. */
const random = "-0000000";

/** A name that the program derives from the name of a service, and the most characters that AWS takes for it. */
export interface DerivedName {
  /** What has the name, with its article, as messages say it. @example "a Cloud Map service" */
  readonly of: string;
  readonly name: string;
  readonly limit: number;
}

/**
 * Returns the names that a service has in a region under any of the patterns, as far as AWS limits them and
 * `boundedName` does not shorten them. The names of every pattern count, because one word of configuration changes the
 * pattern of a service. A test compares the list with the plans of all patterns.
 * @param routeIds  ids of the service's routes; each is part of the name of a permission
 * @see https://docs.aws.amazon.com/cloud-map/latest/api/API_CreateService.html
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 * @see https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_CreateApplication.html
 * @see https://docs.aws.amazon.com/elasticbeanstalk/latest/api/API_CreateApplication.html
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateLaunchTemplate.html
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html
 */
export function derivedNames(region: string, service: string, routeIds: readonly string[]): DerivedName[] {
  const own = `${region}-${service}`;
  return [
    { of: "a Cloud Map service, a label of DNS", name: service, limit: 63 },
    { of: "an inline policy", name: `${own}-schedules-caller-role-policy${random}`, limit: 128 },
    { of: "a CodeDeploy application", name: `${own}-canary-application${random}`, limit: 100 },
    { of: "a Beanstalk application", name: `${own}-application${random}`, limit: 100 },
    { of: "a launch template", name: `${own}-template${random}`, limit: 128 },
    { of: "an instance profile", name: `${own}-profile${random}`, limit: 128 },
    ...routeIds.map((id) => ({
      of: `the permission of route ${id}`,
      name: `${region}-http-${service}-${id}-permission${random}`,
      limit: 100,
    })),
  ];
}
