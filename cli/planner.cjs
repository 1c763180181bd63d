// Entry of the process that plans for `npm start`.
const { join } = require("node:path");
const keptPlan = require("./kept-plan.cjs");
const { debugged, load, optimiseLess } = require("./load.cjs");

const root = join(__dirname, "..");

process.once("disconnect", () => process.exit());
process.on("message", async (stack) => process.send(await answer(stack)));

async function answer(stack) {
  // Names of parts of an environment are refused by the planner; no file name is made from them.
  const keeps = !debugged && /^[a-z][a-z0-9]*$/.test(stack);
  const kept = keeps ? keptPlan.read(root, stack, keptPlan.stateOf(root, stack)) : undefined;
  if (kept !== undefined) return { graph: kept };
  optimiseLess();
  const { answerOf } = load("planner");
  const sources = keeps ? keptPlan.sourcesOf(root, stack) : undefined;
  const made = await answerOf(stack);
  // The first plan has built apps; a source that changed meanwhile is planned again.
  if (sources !== undefined && made.graph !== undefined && sources === keptPlan.sourcesOf(root, stack))
    keptPlan.write(root, stack, keptPlan.stateOf(root, stack), made.graph);
  return made;
}
