// Entry of the process that plans for `npm start`.
const { load } = require("./load.cjs");

process.once("disconnect", () => process.exit());
load("planner").answerPlans();
