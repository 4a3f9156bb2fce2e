import { Duration } from 'aws-cdk-lib';
import { HeadersFrameOption, HeadersReferrerPolicy, ResponseHeadersPolicy } from 'aws-cdk-lib/aws-cloudfront';
import { Construct } from 'constructs';

/** HTTPS for a year, only for this exact name: other names below your domain are not affected. */
const HTTPS_ALWAYS = {
  strictTransportSecurity: { accessControlMaxAge: Duration.days(365), includeSubdomains: false, override: true },
};

/** The console loads its own files and calls its own host; no inline script, no HTML from text, no framing. */
const CONSOLE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

/** Other files of the widget are only text. For a script this has no effect on the page that loads it. */
const TEXT_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const NO_DEVICES = [
  'accelerometer',
  'camera',
  'display-capture',
  'geolocation',
  'gyroscope',
  'magnetometer',
  'microphone',
  'payment',
  'usb',
]
  .map((feature) => `${feature}=()`)
  .join(', ');

/**
 * Headers that CloudFront adds to responses. For those of the API only HSTS: the API sets its own CORS and cache headers. A function allows
 * any page to read the widget's files (lib/edge/any-page.js).
 */
export class WebHeaders extends Construct {
  readonly api: ResponseHeadersPolicy;
  readonly console: ResponseHeadersPolicy;
  readonly widget: ResponseHeadersPolicy;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.api = new ResponseHeadersPolicy(this, 'Api', {
      comment: 'Widget Gate: the API',
      securityHeadersBehavior: HTTPS_ALWAYS,
    });
    this.console = new ResponseHeadersPolicy(this, 'Console', {
      comment: 'Widget Gate: the console',
      securityHeadersBehavior: {
        ...HTTPS_ALWAYS,
        contentSecurityPolicy: { contentSecurityPolicy: CONSOLE_POLICY, override: true },
        contentTypeOptions: { override: true },
        frameOptions: { frameOption: HeadersFrameOption.DENY, override: true },
        referrerPolicy: { referrerPolicy: HeadersReferrerPolicy.NO_REFERRER, override: true },
      },
      customHeadersBehavior: alsoSaying({
        'Cross-Origin-Opener-Policy': 'same-origin',
        'Cross-Origin-Resource-Policy': 'same-origin',
        'Permissions-Policy': NO_DEVICES,
      }),
    });
    this.widget = new ResponseHeadersPolicy(this, 'Widget', {
      comment: 'Widget Gate: the widget, for pages of any origin',
      securityHeadersBehavior: {
        ...HTTPS_ALWAYS,
        contentSecurityPolicy: { contentSecurityPolicy: TEXT_POLICY, override: true },
        contentTypeOptions: { override: true },
      },
      customHeadersBehavior: alsoSaying({ 'Cross-Origin-Resource-Policy': 'cross-origin' }),
    });
  }
}

const alsoSaying = (headers: Readonly<Record<string, string>>) => ({
  customHeaders: Object.entries(headers).map(([header, value]) => ({ header, value, override: true })),
});
