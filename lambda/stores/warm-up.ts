import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

/**
 * Opens the connection to the table service while Lambda still runs INIT at full speed. DynamoDB answers an unsigned `GET /` with its health:
 * no permission, no charge, no counted call. A failure is left to the first real read, which reports it.
 */
export async function openConnection(client: DynamoDBClient): Promise<void> {
  try {
    const endpoint = client.config.endpointProvider({
      Region: await client.config.region(),
      Endpoint: await endpointOverride(client),
    });
    await client.config.requestHandler.handle(healthRequest(endpoint.url) as never);
  } catch {
    // The first read meets the same fault and answers for it.
  }
}

async function endpointOverride(client: DynamoDBClient): Promise<string | undefined> {
  const endpoint = await client.config.endpoint?.();
  return (
    endpoint && `${endpoint.protocol}//${endpoint.hostname}${endpoint.port ? `:${endpoint.port}` : ''}${endpoint.path}`
  );
}

const healthRequest = ({ protocol, hostname, port, pathname }: URL) => ({
  method: 'GET',
  protocol,
  hostname,
  ...(port !== '' && { port: Number(port) }),
  path: pathname,
  query: {},
  headers: { host: hostname },
});
