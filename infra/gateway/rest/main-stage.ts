/** Name of the stage that the root of the custom domain leads to. Clients do not see it. */
export const MAIN_STAGE = "live";
