/** The address at which a shop's server gets its tokens. */
export interface Place {
  /** Origin of the gate, which serves the widget and the API. */
  readonly origin: string;
  readonly shopId: string;
}

/** The environment variable from which every snippet reads the key; no snippet contains the key. */
export const KEY_VARIABLE = 'WIDGET_GATE_SHOP_API_KEY';
