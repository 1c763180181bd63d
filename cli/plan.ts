import { Command } from "commander";
import { planDocument } from "../graph/document";
import { planStack } from "../graph/plan";
import { readPolicyConfig } from "../graph/policy/config";
import { evaluate } from "../graph/policy/evaluate";
import { hasMandatory, renderFindings } from "../graph/policy/render";
import { renderPlan } from "../graph/tree";
import { parseStackName } from "../stacks/stack-name";
import { EXIT } from "./errors";
import { print } from "./print";

export function planCommand(): Command {
  return new Command("plan")
    .description(
      "Plans a stack without AWS account, CLI or engine, and shows what it would register and which rules it breaks.",
    )
    .argument("<stack>", "what to plan: dev, prod, prod-compute, prod.eu-west-1, prod-compute.eu-west-1")
    .option("--json", "print one JSON document and nothing else")
    .action(async (stack: string, options: { json?: boolean }) => {
      const graph = await planStack(stack);
      const findings = await evaluate(graph, { configOf: readPolicyConfig(parseStackName(stack).environment) });
      await print(
        options.json
          ? JSON.stringify(planDocument(graph, findings), null, 2)
          : `${renderPlan(graph)}\n\n${renderFindings(findings)}`,
      );
      if (hasMandatory(findings)) process.exitCode = EXIT.failure;
    });
}
