import type { AddedHeaders, Header } from '../cdn/model.ts';
import { refuseUnknown } from './check-known.ts';
import { TemplateError } from './intrinsics.ts';
import type { ResolvedResource } from './resolved-resource.ts';

type Json = ResolvedResource['properties'];

/** The headers of each kind of security header. HSTS is for HTTPS alone (RFC 6797 §7.2), which is not spoken here. */
const SECURITY: Readonly<Record<string, (config: Json) => Header[]>> = {
  ContentSecurityPolicy: ({ ContentSecurityPolicy }) => [['Content-Security-Policy', ContentSecurityPolicy]],
  ContentTypeOptions: () => [['X-Content-Type-Options', 'nosniff']],
  FrameOptions: ({ FrameOption }) => [['X-Frame-Options', FrameOption]],
  ReferrerPolicy: ({ ReferrerPolicy }) => [['Referrer-Policy', ReferrerPolicy]],
  StrictTransportSecurity: () => [],
};
const ANY_PAGE = {
  AccessControlAllowCredentials: false,
  AccessControlAllowHeaders: { Items: ['*'] },
  AccessControlAllowMethods: { Items: ['GET', 'HEAD'] },
  AccessControlAllowOrigins: { Items: ['*'] },
  OriginOverride: true,
};

/** What a response headers policy adds. Throws `TemplateError` for what it doesn't know. */
export function readAddedHeaders({ logicalId, properties }: ResolvedResource): AddedHeaders {
  const config: Json = properties.ResponseHeadersPolicyConfig;
  const unknown = `${logicalId}: the local host does not know `;
  const sections = ['Comment', 'CorsConfig', 'CustomHeadersConfig', 'Name', 'SecurityHeadersConfig'];
  refuseUnknown(`${unknown}ResponseHeadersPolicyConfig.`, Object.keys(config), sections);
  const { CorsConfig, CustomHeadersConfig, SecurityHeadersConfig = {} } = config;
  refuseUnknown(`${unknown}SecurityHeadersConfig.`, Object.keys(SecurityHeadersConfig), Object.keys(SECURITY));
  if (CorsConfig !== undefined && JSON.stringify(CorsConfig) !== JSON.stringify(ANY_PAGE))
    throw new TemplateError(`${unknown}other CORS than for reading by any page without credentials`);
  const security = Object.entries<Json>(SecurityHeadersConfig).flatMap(([name, of]) => SECURITY[name]?.(of) ?? []);
  const custom = ((CustomHeadersConfig?.Items ?? []) as { Header: string; Value: string }[]).map(
    ({ Header, Value }): Header => [Header, Value],
  );
  return {
    always: [...security, ...custom],
    crossOrigin: CorsConfig === undefined ? [] : [['Access-Control-Allow-Origin', '*']],
  };
}
