import { Command } from "commander";
import { planDocument } from "../graph/document";
import { planStack } from "../graph/plan";
import { renderPlan } from "../graph/tree";

export function planCommand(): Command {
  return new Command("plan")
    .description("Plans a stack without AWS account, CLI or engine, and shows what it would register.")
    .argument("<stack>", "what to plan: dev, prod, prod-compute, prod.eu-west-1, prod-compute.eu-west-1")
    .option("--json", "print one JSON document and nothing else")
    .action(async (stack: string, options: { json?: boolean }) => {
      const graph = await planStack(stack);
      const text = options.json ? JSON.stringify(planDocument(graph), null, 2) : renderPlan(graph);
      await write(`${text}\n`);
    });
}

/** Waits until a pipe has taken all of it: an exit would cut a long document. */
function write(text: string): Promise<void> {
  return new Promise((resolve, reject) => process.stdout.write(text, (error) => (error ? reject(error) : resolve())));
}
