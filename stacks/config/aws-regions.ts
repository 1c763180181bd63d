/** Date of the table below. A region or zone that AWS has opened since is added by hand. */
export const REGIONS_DATE = "2026-11-26";

/**
 * Letters of the zones of each region in the partition `aws`. In a few old regions an account sees only some of its
 * zones: `aws ec2 describe-availability-zones --region us-west-1` lists those of an account. Local Zones and Wavelength
 * Zones have names of another form and are not listed, because they lack most of what the platform uses.
 *
 * To add a region: copy its code from the first page, the letters from the command above, and set `REGIONS_DATE`.
 * @see https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html
 * @see https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-availability-zones.html
 */
export const zoneLetters: Readonly<Record<string, string>> = {
  "af-south-1": "abc",
  "ap-east-1": "abc",
  "ap-east-2": "abc",
  "ap-northeast-1": "abcd",
  "ap-northeast-2": "abcd",
  "ap-northeast-3": "abc",
  "ap-south-1": "abc",
  "ap-south-2": "abc",
  "ap-southeast-1": "abc",
  "ap-southeast-2": "abc",
  "ap-southeast-3": "abc",
  "ap-southeast-4": "abc",
  "ap-southeast-5": "abc",
  "ap-southeast-6": "abc",
  "ap-southeast-7": "abc",
  "ca-central-1": "abd",
  "ca-west-1": "abc",
  "eu-central-1": "abc",
  "eu-central-2": "abc",
  "eu-north-1": "abc",
  "eu-south-1": "abc",
  "eu-south-2": "abc",
  "eu-west-1": "abc",
  "eu-west-2": "abc",
  "eu-west-3": "abc",
  "il-central-1": "abc",
  "me-central-1": "abc",
  "me-south-1": "abc",
  "mx-central-1": "abc",
  "sa-east-1": "abc",
  "us-east-1": "abcdef",
  "us-east-2": "abc",
  "us-west-1": "abc",
  "us-west-2": "abcd",
};

/**
 * Regions in which an account sees fewer zones than the region has letters, with their number.
 * @see https://docs.aws.amazon.com/global-infrastructure/latest/regions/az-ids.html
 */
export const zonesPerAccount: Readonly<Record<string, number>> = { "us-west-1": 2 };

/**
 * Regions that every account has without asking for them: those of before March 20, 2019, without Osaka, which SNS lists
 * among the others. Between one of these and another region, SNS delivers under the name `sns.<region>.amazonaws.com`.
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-cross-region-delivery.html
 */
const oldRegions: readonly string[] = [
  ...["ap-northeast-1", "ap-northeast-2", "ap-south-1", "ap-southeast-1", "ap-southeast-2", "ca-central-1"],
  ...["eu-central-1", "eu-north-1", "eu-west-1", "eu-west-2", "eu-west-3", "sa-east-1"],
  ...["us-east-1", "us-east-2", "us-west-1", "us-west-2"],
];

/** Tells whether SNS delivers messages between a region and others under its plain name, `sns.amazonaws.com`. */
export function exchangesByPlainName(region: string): boolean {
  return oldRegions.includes(region);
}

/** Beginnings of regions in other partitions than `aws`. */
const otherPartitions = ["cn-", "us-gov-", "us-iso", "eu-iso", "eusc-"];

/** Tells whether a region is in another partition, for which ARNs begin with another word than `arn:aws`. */
export function isOtherPartition(region: string): boolean {
  return otherPartitions.some((prefix) => region.startsWith(prefix));
}

/** Tells whether the table has a region. */
export function isRegion(name: string): boolean {
  return Object.hasOwn(zoneLetters, name);
}
