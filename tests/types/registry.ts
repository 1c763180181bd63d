import { ComponentResource } from "@pulumi/pulumi";
import type { ComputePattern, RunningService } from "../../infra/compute/pattern";
import { computePatterns, type PatternName } from "../../infra/compute/registry";
import type { ConfiguredService } from "../../stacks/config/services";

// Never compiled with the program: tests/types.spec.ts compiles it and expects the errors named at the ends of lines.

type Registry = Readonly<Record<PatternName, ComputePattern>>;

export const more: Registry = { ...computePatterns, nomad: computePatterns.ec2 }; // error TS2353
export const wrongKind: Registry = { ...computePatterns, ec2: Object }; // error TS2739
export const chosen: ConfiguredService["pattern"] = "swarm"; // error TS2322

/** Says nothing about how a gateway reaches it. */
export class Silent extends ComponentResource implements RunningService {} // error TS2420
