import { createHash } from 'node:crypto';

export interface Place {
  readonly stack: string;
  readonly region: string;
  readonly accountId: string;
}

/** What `Ref` and `Fn::GetAtt` give for a resource: names as AWS would make them, the same at every start. */
export interface Identity {
  readonly ref: string;
  readonly attributes: Readonly<Record<string, string>>;
}

const digest = (text: string, length: number): string =>
  createHash('sha256').update(text).digest('hex').slice(0, length);

export function identify(
  type: string,
  logicalId: string,
  properties: Readonly<Record<string, unknown>>,
  place: Place,
): Identity {
  const name = `${place.stack}-${logicalId}`;
  const hash = digest(`${place.accountId}/${place.region}/${name}`, 32);
  const arn = (service: string, resource: string, region = place.region): string =>
    `arn:aws:${service}:${region}:${place.accountId}:${resource}`;
  switch (type) {
    case 'AWS::DynamoDB::GlobalTable':
      return { ref: name, attributes: { Arn: arn('dynamodb', `table/${name}`) } };
    case 'AWS::KMS::Key': {
      const keyId = hash.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
      return { ref: keyId, attributes: { Arn: arn('kms', `key/${keyId}`), KeyId: keyId } };
    }
    case 'AWS::SecretsManager::Secret': {
      const secretArn = arn('secretsmanager', `secret:${secretName(name, properties)}-${digest(name, 6)}`);
      return { ref: secretArn, attributes: { Id: secretArn } };
    }
    case 'AWS::IAM::Group':
      return {
        ref: String(properties.GroupName),
        attributes: { Arn: arn('iam', `group/${String(properties.GroupName)}`, '') },
      };
    case 'AWS::IAM::Role':
      return {
        ref: name,
        attributes: { Arn: arn('iam', `role/${name}`, ''), RoleId: `AROA${hash.slice(0, 17).toUpperCase()}` },
      };
    case 'AWS::Lambda::Function':
      return { ref: name, attributes: { Arn: arn('lambda', `function:${name}`) } };
    case 'AWS::Logs::LogGroup':
      return { ref: name, attributes: { Arn: arn('logs', `log-group:${name}:*`) } };
    case 'AWS::ApiGateway::RestApi':
      return {
        ref: hash.slice(0, 10),
        attributes: { RootResourceId: `root-${hash.slice(0, 10)}`, RestApiId: hash.slice(0, 10) },
      };
    case 'AWS::ApiGateway::Stage':
      return { ref: String(properties.StageName), attributes: {} };
    case 'AWS::S3::Bucket': {
      const bucket = `${name.toLowerCase()}-${hash.slice(0, 12)}`;
      const attributes = {
        Arn: `arn:aws:s3:::${bucket}`,
        RegionalDomainName: `${bucket}.s3.${place.region}.amazonaws.com`,
      };
      return { ref: bucket, attributes };
    }
    case 'AWS::CloudFront::Distribution': {
      const id = `E${hash.slice(0, 13).toUpperCase()}`;
      return { ref: id, attributes: { Id: id, DomainName: `d${hash.slice(0, 13)}.cloudfront.net` } };
    }
    case 'AWS::CloudFront::Function':
      return { ref: name, attributes: { FunctionARN: arn('cloudfront', `function/${name}`, '') } };
    case 'AWS::CloudFront::OriginAccessControl':
      return { ref: name, attributes: { Id: name } };
    default:
      return { ref: logicalId, attributes: {} };
  }
}

export const secretName = (name: string, properties: Readonly<Record<string, unknown>>): string =>
  typeof properties.Name === 'string' ? properties.Name : name;
