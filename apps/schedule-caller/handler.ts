import { scheduleCaller } from "./caller";
import { callerSettings } from "./settings";

/** Handler of the function that sends the requests of a service's schedules to its servers. */
export const handler = scheduleCaller(callerSettings(process.env));
