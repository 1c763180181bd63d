import { changeReader, publishersOf } from "./changes";

/** Handler of the function that a pipe invokes with a batch of a table's stream; it returns the messages to publish. */
export const handler = changeReader(publishersOf(process.env["PUBLISHERS"]));
