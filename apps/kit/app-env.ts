import type { AdapterBindings } from "./incoming-request";
import type { Side } from "./legacy-share";

/** What Hono carries with each request: the adapter's bindings, and what the log says of it. */
export interface AppEnv {
  Bindings: AdapterBindings;
  Variables: { route: string; subject: string | undefined; answeredBy: Side; keyHeader: string | undefined };
}
