import { z } from "zod";

/** Returns the schema of a whole number between two bounds, both included. */
export const count = (min: number, max: number, description: string) => z.int().min(min).max(max).describe(description);
