/** Virtual CPUs of the sizes below `xlarge`; a burstable instance has two in each. */
const small: Readonly<Record<string, number>> = { nano: 1, micro: 1, small: 1, medium: 1, large: 2, xlarge: 4 };

/**
 * Returns the virtual CPUs of an instance type; undefined for a size that does not say them, such as `metal`.
 * @example virtualCpus("m7g.medium") // 1
 * @see https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-types.html
 */
export function virtualCpus(instanceType: string): number | undefined {
  const [family = "", size = ""] = instanceType.split(".");
  const times = /^(\d+)xlarge$/.exec(size)?.[1];
  if (times !== undefined) return 4 * Number(times);
  const number = small[size];
  return number === undefined || !/^t\d/.test(family) ? number : Math.max(2, number);
}
