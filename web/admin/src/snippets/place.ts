/** Where a shop's server gets its tokens. */
export interface Place {
  /** Of the gate: it serves the widget and the API. */
  readonly origin: string;
  readonly shopId: string;
}

/** The environment variable that every piece reads the key from; it stands in none of them. */
export const KEY_VARIABLE = 'WIDGET_GATE_SHOP_API_KEY';
