import { Access, withOperator } from "../../../local/iam/access";

/** Lets the operator of the platform call, and nothing else. */
export const operatorOnly = new Access(withOperator(() => undefined, "123456789012"));
