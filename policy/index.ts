import { PolicyPack } from "@pulumi/policy";
import { toPolicies } from "./pack/policies";
import { rules } from "./rules";

/** The pack as `pulumi preview --policy-pack policy` loads it. Making it starts a server: only one per process. */
new PolicyPack("platform-policy", {
  displayName: "Platform policy",
  description: "Security and availability of AWS programs, judged at preview.",
  enforcementLevel: "advisory",
  policies: toPolicies(rules),
});
