// require-gate.mjs, for Node 20 or later with jose: Express middleware that lets only calls of the gate through.
import { createRemoteJWKSet, jwtVerify } from 'jose';

const keys = createRemoteJWKSet(new URL(`${process.env.WIDGET_GATE_URL.replace(/\/+$/, '')}/.well-known/jwks.json`));
const expected = {
  algorithms: ['EdDSA'],
  // The stack's output AssertionIssuer.
  issuer: process.env.WIDGET_GATE_ISSUER,
  // Scheme, host and port of the stage's upstream URL.
  audience: process.env.WIDGET_GATE_UPSTREAM_ORIGIN,
  requiredClaims: ['exp', 'htm', 'htu'],
};

/** The claims of a call that came through the gate. Rejects for any other call. */
export async function gateClaims(assertion, method, url) {
  const { payload } = await jwtVerify(assertion ?? '', keys, expected);
  if (payload.htm !== method || payload.htu !== url.split('?')[0])
    throw new Error('The assertion is for another call.');
  return payload;
}

export function requireGate(request, response, next) {
  gateClaims(request.headers['x-gate-assertion'], request.method, request.originalUrl).then(
    (claims) => {
      request.gate = claims;
      next();
    },
    () => response.status(401).json({ code: 'not_from_gate', message: 'This API accepts calls of the gate only.' }),
  );
}
