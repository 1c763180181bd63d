/** Text from outside, made safe to print; the policy pack prints such text as well, without the rest of this project. */
export { oneLine, printable } from "../policy/check/printable";
