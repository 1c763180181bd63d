// Writes what is generated from code and configuration: the reference, the JSON schema and the snapshots. It starts as the
// commands do, as compiling each file as it loads would take most of its time.
require("../cli/load.cjs")
  .load("generate", "tests")
  .generate()
  .catch((error) => {
    console.error(error?.name === "UserError" || error?.name === "RunError" ? error.message : error);
    process.exitCode = 1;
  });
