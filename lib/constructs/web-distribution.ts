import { Duration } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import {
  AllowedMethods,
  type BehaviorOptions,
  CachePolicy,
  Distribution,
  Function as EdgeFunction,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  HttpVersion,
  type IOrigin,
  OriginRequestPolicy,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { edgeCode } from '../assets.ts';
import type { WebDomainOption } from '../stage-config/web.ts';
import { WebHeaders } from './web-headers.ts';

/**
 * CloudFront caches these responses for ten seconds by default, whatever the cache policy and, for most of them, whatever `Cache-Control`
 * says: one caller's refusal would be returned to all, across credentials and origins. So none is cached. These are all statuses for which
 * CloudFront accepts a time.
 */
const REFUSALS = [400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504];

export interface WebDistributionProps {
  readonly stage: string;
  readonly api: IOrigin;
  readonly bucket: IBucket;
  readonly domain: WebDomainOption | undefined;
  /** A web ACL of CloudFront's. Default none. */
  readonly webAclArn: string | undefined;
}

/** One name for the API, the widget and the console. Paths without a pattern belong to the API, which returns `not_found`. */
export class WebDistribution extends Construct {
  readonly distribution: Distribution;

  constructor(scope: Construct, id: string, { stage, api, bucket, domain, webAclArn }: WebDistributionProps) {
    super(scope, id);
    const headers = new WebHeaders(this, 'Headers');
    const calls: BehaviorOptions = {
      origin: api,
      allowedMethods: AllowedMethods.ALLOW_ALL,
      cachePolicy: CachePolicy.CACHING_DISABLED,
      originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
      responseHeadersPolicy: headers.api,
      compress: false,
      // A credential that was sent without TLS must fail, not be sent again.
      viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
    };
    const files: BehaviorOptions = {
      origin: S3BucketOrigin.withOriginAccessControl(bucket),
      allowedMethods: AllowedMethods.ALLOW_GET_HEAD,
      cachePolicy: CachePolicy.CACHING_OPTIMIZED,
      compress: true,
      viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
    };
    const anyPage = this.#function('AnyPage', 'any-page.js', 'Widget Gate: any page may read the widget');
    const widget = {
      ...files,
      responseHeadersPolicy: headers.widget,
      functionAssociations: [{ function: anyPage, eventType: FunctionEventType.VIEWER_RESPONSE }],
    };
    const consoleFiles = { ...files, responseHeadersPolicy: headers.console };
    const where = this.#function('Pages', 'pages.js', 'Widget Gate: where the console is');
    const pages = { functionAssociations: [{ function: where, eventType: FunctionEventType.VIEWER_REQUEST }] };
    this.distribution = new Distribution(this, 'Distribution', {
      comment: `Widget Gate, stage ${stage}`,
      httpVersion: HttpVersion.HTTP2_AND_3,
      defaultBehavior: { ...calls, ...pages, viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS },
      // The first match decides.
      additionalBehaviors: {
        '/api/*': calls,
        '/devapi/*': calls,
        '/.well-known/*': calls,
        '/admin/api*': calls,
        '/widget.js': widget,
        '/widget/*': widget,
        '/admin/assets/*': consoleFiles,
        '/admin': { ...consoleFiles, ...pages },
        '/admin/*': { ...consoleFiles, ...pages },
      },
      errorResponses: REFUSALS.map((httpStatus) => ({ httpStatus, ttl: Duration.seconds(0) })),
      ...(webAclArn !== undefined && { webAclId: webAclArn }),
      ...(domain !== undefined && {
        domainNames: [domain.name],
        certificate: Certificate.fromCertificateArn(this, 'Certificate', domain.certificateArn),
        minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
      }),
    });
  }

  #function(id: string, file: string, comment: string): EdgeFunction {
    return new EdgeFunction(this, id, {
      comment,
      runtime: FunctionRuntime.JS_2_0,
      code: FunctionCode.fromInline(edgeCode(file)),
    });
  }
}
