import type { Header } from '../cdn/model.ts';
import { refuseUnknown } from './check-known.ts';
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

/** What a response headers policy adds. Throws `TemplateError` for what it doesn't know. */
export function readAddedHeaders({ logicalId, properties }: ResolvedResource): Header[] {
  const config: Json = properties.ResponseHeadersPolicyConfig;
  const unknown = `${logicalId}: the local host does not know `;
  const sections = ['Comment', 'CustomHeadersConfig', 'Name', 'SecurityHeadersConfig'];
  refuseUnknown(`${unknown}ResponseHeadersPolicyConfig.`, Object.keys(config), sections);
  const { CustomHeadersConfig, SecurityHeadersConfig = {} } = config;
  refuseUnknown(`${unknown}SecurityHeadersConfig.`, Object.keys(SecurityHeadersConfig), Object.keys(SECURITY));
  const security = Object.entries<Json>(SecurityHeadersConfig).flatMap(([name, of]) => SECURITY[name]?.(of) ?? []);
  const custom = ((CustomHeadersConfig?.Items ?? []) as { Header: string; Value: string }[]).map(
    ({ Header, Value }): Header => [Header, Value],
  );
  return [...security, ...custom];
}
