import type { ComputePattern } from "../core/compute";
import type { PatternName } from "../core/service";
import { BeanstalkService } from "./beanstalk";
import { Ec2Service } from "./ec2";
import { EcsService } from "./ecs";
import { LambdaService } from "./lambda";

/** Every way to run a service. A new one is a file in this folder, a line here and its name in infra/core/service.ts. */
export const computePatterns = {
  ec2: Ec2Service,
  ecs: EcsService,
  beanstalk: BeanstalkService,
  lambda: LambdaService,
} as const satisfies Readonly<Record<PatternName, ComputePattern>>;
