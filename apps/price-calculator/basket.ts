import { HttpError } from "../kit/errors";
import { type Basket, maxLines, type QuoteLine } from "./contract";

/**
 * Puts so many pieces of an item into a basket, in place of those that are in it; none takes the item out.
 * @throws {HttpError} 400 `basket_full`
 */
export function withLine({ lines }: Basket, line: Omit<QuoteLine, "quantity"> & { readonly quantity: number }): Basket {
  const isOther = ({ kind, id }: QuoteLine) => kind !== line.kind || id !== line.id;
  if (line.quantity === 0) return { lines: lines.filter(isOther) };
  if (!lines.every(isOther)) return { lines: lines.map((each) => (isOther(each) ? each : line)) };
  if (lines.length >= maxLines) {
    throw new HttpError(400, "basket_full", `The basket has at most ${maxLines} lines; take one out, or quote it`);
  }
  return { lines: [...lines, line] };
}

/**
 * Returns the lines of a basket, of which a quote needs one.
 * @throws {HttpError} 400 `basket_empty`
 */
export function linesToQuote({ lines }: Basket): readonly QuoteLine[] {
  if (lines.length > 0) return lines;
  throw new HttpError(400, "basket_empty", "The basket has no lines; put an item into it");
}
