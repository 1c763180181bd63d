import { render } from "preact";
import { App } from "./app";
import { loadConfig } from "./config";
import { Failure } from "./failure";
import { chosenSignIn, Session } from "./session";

/** Starts the app in the page: reads what this environment is, finishes a sign-in that has come back, and shows it. */
async function start(root: HTMLElement): Promise<void> {
  try {
    const config = await loadConfig();
    document.title = `Platform · ${config.environment}`;
    const session = new Session(chosenSignIn(config));
    const problem = await session.finish(new URL(location.href));
    render(<App config={config} session={session} problem={problem} />, root);
  } catch (error) {
    render(<Failure error={error} />, root);
  }
}

void start(document.getElementById("app")!);
