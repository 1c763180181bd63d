import * as pulumi from "@pulumi/pulumi";
import { withoutPackageFrames } from "../stacks/package-frames";
import { readConfig } from "./config";
import { type AccountOutputs, deployAccount } from "./program";

/** The program that an AWS account runs once, before its first environment. */
function main(): AccountOutputs {
  try {
    return deployAccount(readConfig(pulumi.getStack()));
  } catch (error) {
    throw withoutPackageFrames(error);
  }
}

export = main;
