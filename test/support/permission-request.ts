/** One request to AWS as policies see it. */
export interface PermissionRequest {
  readonly action: string;
  readonly resource: string;
  readonly context: Readonly<Record<string, string | readonly string[]>>;
}

/** Requests by name: `dynamodb:PutItem on Sessions of temp/`. */
export type Requests = Map<string, PermissionRequest>;
