import { type PriceName, priceOf, prices } from './prices.ts';

export interface CostLine {
  readonly item: string;
  readonly quantity: number;
  readonly unit: string;
  /** Dollars, of the average unit. */
  readonly unitPrice: number;
  /** Dollars. */
  readonly sum: number;
  readonly source: string;
  /** Whether it is there without traffic, too. */
  readonly isFixed: boolean;
}

export function line(item: string, name: PriceName, quantity: number, isFixed: boolean): CostLine {
  const { unit, tiers, source } = prices[name];
  const sum = priceOf(name, quantity);
  return { item, quantity, unit, unitPrice: quantity > 0 ? sum / quantity : tiers[0].dollars, sum, source, isFixed };
}

export const totalOf = (lines: readonly CostLine[]): number => lines.reduce((total, { sum }) => total + sum, 0);
