import { GetGroupCommand, IAMClient } from '@aws-sdk/client-iam';
import { limits } from '#contract/limits.ts';
import { DependencyError } from '../platform/stored.ts';
import type { AdminGroup } from './members.ts';

const endpoint = process.env.AWS_ENDPOINT_URL;

/** The client that reads the group: two attempts within the total time of a login. */
export const createIamClient = (): IAMClient =>
  new IAMClient({
    ...(endpoint !== undefined && { endpoint }),
    maxAttempts: 2,
    requestHandler: {
      connectionTimeout: limits.identityConnectMilliseconds,
      requestTimeout: limits.identityTotalMilliseconds,
      throwOnRequestTimeout: true,
    },
  });

const PAGE_ITEMS = 1_000;
/** IAM allows far fewer members in a group: a response with more pages than this is not plausible. */
const MAX_PAGES = 20;

/** The administrators' group in IAM. */
export class IamAdminGroup implements AdminGroup {
  readonly #groupName: string;
  readonly #client: IAMClient;

  constructor(groupName: string, client = createIamClient()) {
    this.#groupName = groupName;
    this.#client = client;
  }

  async memberIds(): Promise<ReadonlySet<string>> {
    const abortSignal = AbortSignal.timeout(limits.identityTotalMilliseconds);
    const ids = new Set<string>();
    let marker: string | undefined;
    for (let page = 0; page < MAX_PAGES; page += 1) {
      const command = new GetGroupCommand({
        GroupName: this.#groupName,
        MaxItems: PAGE_ITEMS,
        ...(marker !== undefined && { Marker: marker }),
      });
      const { Users = [], IsTruncated, Marker } = await this.#client.send(command, { abortSignal }).catch(outage);
      for (const { UserId } of Users) if (UserId !== undefined) ids.add(UserId);
      if (IsTruncated !== true) return ids;
      marker = Marker;
    }
    throw new DependencyError("the list of the administrators' group does not end");
  }
}

function outage(error: unknown): never {
  throw new DependencyError(`read admin group failed: ${error instanceof Error ? error.name : 'unknown error'}`, {
    cause: error,
  });
}
