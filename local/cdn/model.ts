/** What CloudFront serves: the API and files under one name. */
export interface DistributionResource {
  readonly logicalId: string;
  readonly distributionId: string;
  readonly domainName: string;
  /** In the order in which CloudFront tries them; the last one takes every path. */
  readonly behaviors: readonly CacheBehavior[];
}

export interface CacheBehavior {
  /** `/files/*`: `*` matches any characters, including slashes, `?` matches one. */
  readonly pathPattern: string;
  readonly methods: readonly string[];
  readonly origin: ApiOrigin | FilesOrigin;
  /** What its response headers policy adds. */
  readonly headers: readonly Header[];
  /** Source of the CloudFront Function that sees a request first. */
  readonly viewerRequestCode: string | undefined;
  /** Source of the one that sees a response last. */
  readonly viewerResponseCode: string | undefined;
}

export interface ApiOrigin {
  readonly kind: 'api';
  readonly apiId: string;
}

export interface FilesOrigin {
  readonly kind: 'files';
  readonly bucket: { readonly logicalId: string; readonly arn: string };
  /** By object key. */
  readonly objects: ReadonlyMap<string, StoredObject>;
}

export interface StoredObject {
  /** Absolute path. */
  readonly file: string;
  readonly cacheControl: string | undefined;
}

export type Header = readonly [name: string, value: string];
