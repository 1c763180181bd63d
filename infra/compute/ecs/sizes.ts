import type { Size } from "../pattern";

/**
 * Fargate CPU units (1,024 are one vCPU) and memory in MiB of a task of each size, in pairs that Fargate offers.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html#fargate-tasks-size
 */
export const taskSizes: Readonly<Record<Size, { readonly cpu: number; readonly memory: number }>> = {
  small: { cpu: 256, memory: 512 },
  medium: { cpu: 512, memory: 1024 },
  large: { cpu: 1024, memory: 2048 },
};
