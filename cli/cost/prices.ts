/** A step of a price that falls with the quantity: up to this many units of a month, each at this many dollars. */
export interface PriceTier {
  readonly upTo: number;
  readonly dollars: number;
}

export interface Price {
  /** The billed unit. */
  readonly unit: string;
  readonly tiers: readonly PriceTier[];
  /** The page of aws.amazon.com that lists it. */
  readonly source: string;
}

const flat = (unit: string, dollars: number, source: string): Price => ({
  unit,
  tiers: [{ upTo: Number.POSITIVE_INFINITY, dollars }],
  source,
});

/**
 * Region and date of these list prices, without free tiers and discounts. Prices differ by region and change: check the
 * pages.
 */
export const PRICED = { region: 'us-east-1', date: '2026-11-21' } as const;

/** The AWS prices of everything that Widget Gate uses. */
export const prices = {
  restCalls: {
    unit: 'call',
    tiers: [
      { upTo: 333e6, dollars: 3.5e-6 },
      { upTo: 1e9, dollars: 2.8e-6 },
      { upTo: 20e9, dollars: 2.38e-6 },
      { upTo: Number.POSITIVE_INFINITY, dollars: 1.51e-6 },
    ],
    source: 'Amazon API Gateway pricing',
  },
  functionCalls: flat('call', 0.2e-6, 'AWS Lambda pricing'),
  functionTime: flat('GB-s', 0.000_013_333_4, 'AWS Lambda pricing, Arm'),
  tableReads: flat('read unit', 0.125e-6, 'Amazon DynamoDB pricing, on-demand'),
  tableWrites: flat('write unit', 0.625e-6, 'Amazon DynamoDB pricing, on-demand'),
  /** Storage and its point-in-time recovery. */
  tableStorage: flat('GB', 0.25 + 0.2, 'Amazon DynamoDB pricing, on-demand'),
  keys: flat('key', 1, 'AWS Key Management Service pricing'),
  keyCalls: flat('call', 0.03e-4, 'AWS Key Management Service pricing'),
  secrets: flat('secret', 0.4, 'AWS Secrets Manager pricing'),
  secretCalls: flat('call', 0.05e-4, 'AWS Secrets Manager pricing'),
  logs: flat('GB', 0.5, 'Amazon CloudWatch pricing, Logs'),
  metrics: flat('metric', 0.3, 'Amazon CloudWatch pricing, Metrics'),
  alarmMetrics: flat('alarm metric', 0.1, 'Amazon CloudWatch pricing, Alarms'),
  dashboards: flat('dashboard', 3, 'Amazon CloudWatch pricing, Dashboards'),
  webAcls: flat('web ACL', 5, 'AWS WAF pricing'),
  webAclRules: flat('rule', 1, 'AWS WAF pricing'),
  webAclCalls: flat('call', 0.6e-6, 'AWS WAF pricing'),
} as const satisfies Record<string, Price>;

export type PriceName = keyof typeof prices;

/** The price of this many units of a month, in dollars. */
export function priceOf(name: PriceName, quantity: number): number {
  let [sum, from] = [0, 0];
  for (const { upTo, dollars } of prices[name].tiers) {
    sum += Math.max(0, Math.min(quantity, upTo) - from) * dollars;
    from = upTo;
  }
  return sum;
}
