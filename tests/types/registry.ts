import { ComponentResource } from "@pulumi/pulumi";
import { computePatterns } from "../../infra/compute";
import type { Compute, ComputePattern } from "../../infra/core/compute";
import type { PatternName, ServiceSpec } from "../../infra/core/service";

// Never compiled with the program: tests/types.spec.ts compiles it and expects the errors named at the ends of lines.

type Registry = Readonly<Record<PatternName, ComputePattern>>;

export const more: Registry = { ...computePatterns, nomad: computePatterns.ec2, swarm: computePatterns.ec2 }; // error TS2353
export const wrongKind = { ...computePatterns, nomad: Object };
export const asRegistry: Registry = wrongKind; // error TS2322
export const chosen: ServiceSpec["pattern"] = "swarm"; // error TS2322

/** Tells no gateway how to reach it. */
export class Silent extends ComponentResource implements Compute {} // error TS2420
