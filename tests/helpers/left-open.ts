/** Milliseconds after the last test in which everything that tests opened has to be closed. */
const graceMilliseconds = 20_000;

/** Ends a run whose tests left something open, which would keep it waiting for ever, and says what. */
export const mochaHooks = {
  afterAll() {
    const end = () => {
      console.error(`The tests left open: ${process.getActiveResourcesInfo().join(", ")}; close it in an after hook`);
      // After mocha's own listener, which sets the number of failed tests.
      process.once("exit", () => {
        process.exitCode = 1;
      });
      process.exit();
    };
    setTimeout(end, graceMilliseconds).unref();
  },
};
