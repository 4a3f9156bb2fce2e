import { headers } from '../../lambda/contract/headers.ts';

/** On every answer. `*` is right because no route here reads a cookie. */
export const corsHeaders = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Expose-Headers': `${headers.requestId}, ${headers.widgetTokenExpiresIn}, Retry-After`,
};

/** On the answer to a preflight. `*` covers what an upstream may want besides; browsers don't let it cover Authorization. */
export const preflight = {
  allowOrigins: ['*'],
  allowMethods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
  allowHeaders: [headers.widgetToken, headers.shopApiKey, 'Content-Type', 'Authorization', 'X-Requested-With', '*'],
  maxAgeSeconds: 7_200,
};
