import { CfnOutput } from 'aws-cdk-lib';
import { DomainName, EndpointType, type IRestApi, type RestApi, SecurityPolicy } from 'aws-cdk-lib/aws-apigateway';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { CfnRecordSet } from 'aws-cdk-lib/aws-route53';
import { Construct } from 'constructs';
import type { DomainOption } from '../stage-config/options.ts';

export interface CustomDomainProps {
  readonly api: RestApi;
  readonly domain: DomainOption;
}

/** The API under a custom domain, TLS 1.2 or later, without a base path. The API closes API Gateway's own address. */
export class CustomDomain extends Construct {
  readonly url: string;

  constructor(scope: Construct, id: string, { api, domain }: CustomDomainProps) {
    super(scope, id);
    const { name, certificateArn, hostedZoneId } = domain;
    const target = new DomainName(this, 'Name', {
      domainName: name,
      certificate: Certificate.fromCertificateArn(this, 'Certificate', certificateArn),
      endpointType: EndpointType.REGIONAL,
      securityPolicy: SecurityPolicy.TLS_1_2,
      // CDK's own types disagree about an undefined member under exactOptionalPropertyTypes.
      mapping: api as IRestApi,
    });
    if (hostedZoneId !== undefined) {
      new CfnRecordSet(this, 'Record', {
        name,
        type: 'A',
        hostedZoneId,
        aliasTarget: { dnsName: target.domainNameAliasDomainName, hostedZoneId: target.domainNameAliasHostedZoneId },
      });
    }
    new CfnOutput(this, 'Target', {
      value: target.domainNameAliasDomainName,
      description: `Where the name ${name} must point (a CNAME or alias record)`,
    }).overrideLogicalId('DomainTarget');
    this.url = `https://${name}/`;
  }
}
