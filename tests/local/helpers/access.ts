import { Access, operatorKeys, withOperator } from "../../../local/iam/access";

/** Lets the operator of the platform call, and nothing else. */
export const operatorOnly = new Access(withOperator(() => undefined, "123456789012"));

/** Messaging without tables. */
export const noStore = {
  tables: () => {
    throw new Error("this test has no store");
  },
  keysOf: () => operatorKeys,
};
