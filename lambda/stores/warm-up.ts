import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

/**
 * Opens the connection to the table service before the first call needs it. DynamoDB answers an unsigned `GET /` with its health:
 * no permission, no charge, no counted call. A failure is left to the first real read, which reports it.
 */
export async function openConnection(client: DynamoDBClient): Promise<void> {
  try {
    const { response } = await client.config.requestHandler.handle(healthRequest(await addressOf(client)) as never);
    // An answer that is not read to its end keeps its connection from the next request.
    for await (const _chunk of response.body as AsyncIterable<Uint8Array>);
  } catch {
    // The first read meets the same fault and answers for it.
  }
}

async function addressOf({ config }: DynamoDBClient): Promise<URL> {
  const told = await config.endpoint?.();
  if (told === undefined) return config.endpointProvider({ Region: await config.region() }).url;
  return new URL(`${told.protocol}//${told.hostname}:${told.port ?? ''}`);
}

const healthRequest = ({ protocol, hostname, port }: URL) => ({
  method: 'GET',
  protocol,
  hostname,
  ...(port !== '' && { port: Number(port) }),
  path: '/',
  query: {},
  headers: { host: hostname },
});
