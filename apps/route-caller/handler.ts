import { routeCaller } from "./caller";
import { callerSettings } from "./settings";

/** Handler of the function that sends the requests of a service's schedules and queues to its servers. */
export const handler = routeCaller(callerSettings(process.env));
