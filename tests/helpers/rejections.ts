import { collectingRejections } from "../../graph/capture/rejections";

/**
 * mocha passes green when a promise nobody awaits rejects (a throw inside an `apply`). This hook makes the test
 * that was running fail, and the run fail when the rejection comes after the last test.
 */
const unhandled: unknown[] = [];
process.on("unhandledRejection", (error) => {
  if (!collectingRejections()) unhandled.push(error);
});

function rethrow(): void {
  if (unhandled.length > 0) throw unhandled.splice(0)[0];
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

export const mochaHooks = {
  async afterEach() {
    await nextTurn();
    rethrow();
  },
  async afterAll() {
    await nextTurn();
    rethrow();
  },
};
