import { visible } from './visible.ts';

/** Names of the variables that the documents, `shops create` and `local keys` share. */
export const shellNames = {
  shopId: 'WIDGET_GATE_SHOP_ID',
  shopApiKey: 'WIDGET_GATE_SHOP_API_KEY',
  keyId: 'WIDGET_GATE_KEY_ID',
  analytics: 'WIDGET_GATE_ANALYTICS_API_KEY',
  'data-router': 'WIDGET_GATE_DATA_ROUTER_API_KEY',
  dev: 'WIDGET_GATE_DEV_API_KEY',
} as const;

/** One `export` line to paste or to evaluate, however strange the values are: they may come from elsewhere. */
export const exportLine = (variables: readonly (readonly [name: string, value: string])[]): string =>
  `export ${variables.map(([name, value]) => `${name}=${quote(value)}`).join(' ')}`;

const quote = (text: string): string =>
  /^[\w./:@%+=,-]+$/.test(text) ? text : `'${visible(text).replaceAll("'", "'\\''")}'`;
