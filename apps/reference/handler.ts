import { answer, type ReferenceAnswer, type ReferenceEvent } from "./answer";
import { readPublishedFiles } from "./published-files";
import { referenceSettings } from "./settings";

const settings = referenceSettings(process.env);
const files = readPublishedFiles(__dirname, settings);

/** Handler of the function that publishes the OpenAPI documents and the page that shows them, which are in its folder. */
export const handler = async (event: ReferenceEvent): Promise<ReferenceAnswer> =>
  answer({ files, corsOrigins: settings.corsOrigins }, event);
