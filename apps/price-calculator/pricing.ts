import type { Quote } from "./contract";
import type { PricedLines } from "./prices";

/**
 * Computes a quote exactly, in minor units. Tax is computed once, on the subtotal, and half a minor unit is rounded up.
 * @returns the quote with line totals, subtotal, tax, and total = subtotal + tax
 */
export function priceQuote(id: string, taxPercent: number, { currency, lines }: PricedLines): Quote {
  const priced = lines.map((line) => ({ ...line, total: { amount: line.quantity * line.unitPrice.amount } }));
  const subtotal = priced.reduce((sum, line) => sum + line.total.amount, 0);
  const tax = taxOn(subtotal, taxPercent);
  return {
    id,
    currency,
    taxPercent,
    lines: priced,
    subtotal: { amount: subtotal },
    tax: { amount: tax },
    total: { amount: subtotal + tax },
  };
}

/**
 * Computes the tax on a subtotal, in minor units; half a minor unit is rounded up.
 * @example taxOn(1000, 8.875) // 89
 * @param subtotal  minor units, 0 to 2^53 - 1
 * @param taxPercent  0-100 with at most three decimals
 */
export function taxOn(subtotal: number, taxPercent: number): number {
  // Computed with BigInt: subtotal x thousandths of a percent exceeds 2^53, and binary fractions round 0.5 both ways.
  const thousandths = BigInt(Math.round(taxPercent * 1_000));
  return Number((BigInt(subtotal) * thousandths + 50_000n) / 100_000n);
}
