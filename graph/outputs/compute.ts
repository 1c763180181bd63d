import type { AnswerTable } from "./answer";

/** Balancers, instances, containers, functions and what they run. */
export const computeAnswers: AnswerTable = {};
