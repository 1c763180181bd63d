import type { AttributeValue, Item } from "./dynalite";

/**
 * Returns the bytes of an item: of the names of its attributes, and of their values.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
export function sizeOf(item: Item): number {
  return Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + sizeOfValue(value), 0);
}

function sizeOfValue(value: AttributeValue): number {
  const [type = "", given] = Object.entries(value)[0] ?? [];
  switch (type) {
    case "S":
      return Buffer.byteLength(given);
    case "N":
      return sizeOfNumber(given);
    case "B":
      return Buffer.from(given, "base64").length;
    case "SS":
    case "NS":
    case "BS":
      return given.reduce((sum: number, each: string) => sum + sizeOfValue({ [type[0]!]: each }), 0);
    case "L":
      return given.reduce((sum: number, each: AttributeValue) => sum + 1 + sizeOfValue(each), 3);
    case "M":
      return 3 + Object.keys(given).length + sizeOf(given);
    default:
      // A boolean, or null.
      return 1;
  }
}

/** A byte for two digits, and one for the sign and the point, as far as AWS says it. */
function sizeOfNumber(text: string): number {
  const digits = text
    .replace(/e.*$/i, "")
    .replace(/[-.]/g, "")
    .replace(/^0+|0+$/g, "");
  return Math.ceil(digits.length / 2) + 1 + (text.startsWith("-") ? 1 : 0);
}
