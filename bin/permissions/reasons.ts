/** Why a function has a right. Each is for one action on one resource under one condition; a right without a reason can't be documented. */
export const reasons: Readonly<Record<string, string>> = {
  'logs:CreateLogStream on its own log': 'Lambda writes what the function prints',
  'logs:PutLogEvents on its own log': 'Lambda writes what the function prints',
  'kms:Decrypt on DataKey by way of DynamoDB':
    'DynamoDB decrypts its tables for every function that reads or writes them',
  'kms:Decrypt on DataKey by way of Secrets Manager':
    'Secrets Manager decrypts the ring and the signing keys for the functions that read them',
  'kms:GenerateDataKey on DataKey by way of Secrets Manager':
    'Secrets Manager encrypts a new version of the ring or of the signing keys',
  'secretsmanager:GetSecretValue on RingSecret': 'the keys that seal shop keys, tokens and challenges',
  'secretsmanager:PutSecretValue on RingSecret': 'adding a version of the ring',
  'secretsmanager:UpdateSecretVersionStage on RingSecret': 'choosing which version of the ring is read',
  'secretsmanager:GetSecretValue on SigningKeysSecret': 'the keys that sign assertions to upstreams',
  'secretsmanager:PutSecretValue on SigningKeysSecret': 'adding a version of the signing keys',
  'secretsmanager:UpdateSecretVersionStage on SigningKeysSecret': 'choosing which version of the signing keys is read',
  'iam:GetGroup on AdminGroup': 'whether a user is an administrator, by unique id',
  'dynamodb:GetItem on ShopsTable': 'one shop by its id: its origins, switches and sealed keys',
  'dynamodb:PutItem on ShopsTable': 'creating and changing shops, and resealing their keys',
  'dynamodb:DeleteItem on ShopsTable': 'deleting a shop that an administrator disabled a day before',
  'dynamodb:Scan on ShopsTable': 'every shop, page by page: to list them, or to find what an old ring key seals',
  'dynamodb:GetItem on KeysTable': 'one key by its id: its owner and its SHA-256',
  'dynamodb:PutItem on KeysTable': 'creating keys, and ending service keys; never deleting',
  'dynamodb:Query on KeysTable/index/serviceKeys':
    'the service keys, without those of shops: to list them, or to know which pages may call',
  'dynamodb:GetItem on SessionsTable of temp/': 'the temp token that a page exchanges',
  'dynamodb:PutItem on SessionsTable of temp/': 'storing a temp token, by its SHA-256',
  'dynamodb:PutItem on SessionsTable of temp-used/': 'recording the one use of a temp token',
  'dynamodb:GetItem on SessionsTable of revoked/': 'whether the tokens of a user, client or app are revoked',
  'dynamodb:PutItem on SessionsTable of revoked/': 'revoking the tokens of a user, client or app',
  'dynamodb:GetItem on SessionsTable of ended/': 'whether a session was signed out',
  'dynamodb:PutItem on SessionsTable of ended/': 'signing a session out',
  'dynamodb:PutItem on SessionsTable of key-use/': 'recording the last use of a service key',
  'dynamodb:BatchGetItem on SessionsTable of key-use/': 'when service keys were last used',
  'dynamodb:GetItem on SessionsTable of login-link/': 'the login link that a browser opens',
  'dynamodb:PutItem on SessionsTable of login-link/': 'storing a login link, by its SHA-256',
  'dynamodb:UpdateItem on SessionsTable of rate/': 'counting the calls of an address, under a digest',
  'dynamodb:PutItem on SessionsTable of kept/':
    'keeping the entry of a link into the console while the audit trail does not accept it',
  'dynamodb:PutItem on SessionsTable of kept-login/':
    'keeping the entry of a log-in while the audit trail does not accept it',
  'dynamodb:UpdateItem on SessionsTable of kept/':
    'noting that a kept entry was copied to the audit trail, from when on it may expire',
  'dynamodb:UpdateItem on SessionsTable of kept-login/':
    'noting that the kept entry of a log-in was copied to the audit trail, from when on it may expire',
  'dynamodb:GetItem on SessionsTable of no kind':
    'the session of an administrator, from its cookie or from a login link',
  'dynamodb:PutItem on SessionsTable of no kind': "creating an administrator's session, or recording its use",
  'dynamodb:DeleteItem on SessionsTable of no kind': 'logging an administrator out',
  'dynamodb:PutItem on AuditTable of no kind': 'changes by administrators, including log-outs; no refused calls',
  'dynamodb:PutItem on AuditTable of logins': 'log-ins and failed log-ins; no changes by administrators',
  'dynamodb:PutItem on AuditTable of refused/': 'refused calls; no changes by administrators',
  'dynamodb:Query on ShopsTable/index/auditPending': 'the shops with entries that are not in the audit trail yet',
  'dynamodb:Query on KeysTable/index/auditPending': 'the service keys with entries that are not in the audit trail yet',
  'dynamodb:Query on SessionsTable/index/auditPending':
    'the revocations with entries that are not in the audit trail yet',
  'dynamodb:UpdateItem on ShopsTable': 'removing from a shop the entries that were copied to the audit trail',
  'dynamodb:UpdateItem on KeysTable': 'removing from a service key the entries that were copied to the audit trail',
  'dynamodb:UpdateItem on SessionsTable of revoked/':
    'removing from a revocation the entries that were copied to the audit trail; after that it may expire',
  'dynamodb:Query on AuditTable': 'the audit trail of one subject',
  'dynamodb:Query on AuditTable/index/byDay': 'the audit trail by day',
  "s3:GetObject on the archive of this release's files": 'the files to upload',
  's3:ListBucket on FilesBucket': 'which files already exist',
  's3:PutObject on FilesBucket/*': 'writing the files, under any names of a release; never deleting',
  'cloudfront:CreateInvalidation on WebDistribution': 'edges must fetch again the files that keep their names',
  'cloudfront:GetInvalidation on WebDistribution': 'whether they have done so',
};
