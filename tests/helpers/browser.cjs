// Finds the browser of the system, for the tests that use one and for what says that they did not run.
const { existsSync } = require("node:fs");

/** Where Debian and others put Chromium. */
const places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** What is said once on a machine without a browser. */
const missing =
  "No browser: the tests of the web app in one (tests/e2e/web) do not run here; apt-get install chromium, or set CHROMIUM, and run npm run mocha -- 'tests/e2e/web/*.spec.ts'";

/** Returns the path of a browser; undefined on a machine without one. @returns {string | undefined} */
function browserPath() {
  const { CHROMIUM } = process.env;
  return (CHROMIUM === undefined ? places : [CHROMIUM]).find((path) => existsSync(path));
}

module.exports = { browserPath, missing };
