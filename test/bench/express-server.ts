import type { AddressInfo } from 'node:net';
import express from 'express';
import jsonwebtoken from 'jsonwebtoken';

/** Run as a process of its own: what a shop would write by hand, express and jsonwebtoken, with the same answer behind it. */
const key = process.argv[2] ?? '';
const app = express();
app.get('/api/widget/session', (request, response) => {
  try {
    const { sub, iat, exp } = jsonwebtoken.verify(request.get('X-Widget-Token') ?? '', key, {
      algorithms: ['HS256'],
    }) as Record<string, unknown>;
    if (request.get('Origin') !== 'https://shop.example.com') response.status(403).json({ code: 'origin_not_allowed' });
    else response.json({ shopId: sub, issuedAt: iat, expiresAt: exp });
  } catch {
    response.status(401).json({ code: 'unauthorized' });
  }
});
const server = app.listen(0, '127.0.0.1', () => {
  process.stdout.write(
    `${JSON.stringify({ baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })}\n`,
  );
});
process.once('SIGTERM', () => process.exit(0));
