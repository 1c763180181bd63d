import type { Size } from "../core/service";

/** What one server of a size is, per pattern. Processors are arm64 (Graviton) throughout. */
export interface ServerSize {
  /** Fargate CPU units (1,024 = one vCPU) and MiB; a pair Fargate offers. */
  readonly fargate: { readonly cpu: number; readonly memory: number };
  /** Instance types in order of preference: a zone that runs out of one still launches the next. */
  readonly instanceTypes: readonly [string, string, ...string[]];
  /** MiB; Lambda gives CPU in proportion, one vCPU at 1,769. */
  readonly functionMemory: number;
}

/** @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html#fargate-tasks-size */
export const sizes: Readonly<Record<Size, ServerSize>> = {
  small: {
    fargate: { cpu: 256, memory: 512 },
    instanceTypes: ["t4g.small", "t4g.medium", "c7g.medium"],
    functionMemory: 512,
  },
  medium: {
    fargate: { cpu: 512, memory: 1024 },
    instanceTypes: ["m7g.medium", "m6g.medium", "t4g.large"],
    functionMemory: 1024,
  },
  large: {
    fargate: { cpu: 1024, memory: 2048 },
    instanceTypes: ["m7g.large", "m6g.large", "c7g.xlarge"],
    functionMemory: 1769,
  },
};
