import type { ServiceKeyView } from '../api/views.ts';
import { Card } from '../parts/card.tsx';
import { CopyButton } from '../parts/copy-button.tsx';
import { Definitions } from '../parts/definitions.tsx';
import { Empty } from '../parts/empty.tsx';
import { LastUse } from '../parts/last-use.tsx';
import { Moment } from '../parts/moment.tsx';
import { Page } from '../parts/page.tsx';
import { RefusalBox } from '../parts/refusal-box.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { hrefOf } from '../route/route.ts';
import { lengthText } from '../words/moments.ts';
import { purposes } from './purposes.ts';
import { ServiceKeyActions } from './service-key-actions.tsx';
import { ServiceKeyBadge } from './service-keys-page.tsx';
import { useServiceKeys } from './use-service-keys.ts';

export function ServiceKeyPage({ keyId }: { readonly keyId: string }) {
  const { value, refusal, reload } = useServiceKeys();
  const listed = value?.serviceKeys.find((key) => key.keyId === keyId);
  const key = listed === undefined || 'corrupt' in listed ? undefined : listed;
  const id = (
    <span class="id">
      <code>{keyId}</code>
      <CopyButton text={keyId} what="the key id" />
      {key !== undefined && <ServiceKeyBadge view={key} />}
    </span>
  );
  return (
    <Page title={key?.label ?? keyId} lead={id}>
      {refusal !== undefined && <RefusalBox refusal={refusal} onRetry={reload} />}
      {value === undefined && refusal === undefined && (
        <Card title="Loading">
          <Skeleton rows={5} />
        </Card>
      )}
      {value !== undefined && key === undefined && (
        <Empty title={listed === undefined ? 'No such service key.' : 'The record of this key cannot be read.'}>
          {listed === undefined ? (
            <a href={hrefOf(['service-keys'])}>Go to the list</a>
          ) : (
            'The key does not work until its record is restored from a backup. Other keys are not affected.'
          )}
        </Empty>
      )}
      {key !== undefined && (
        <>
          <Card title="What it opens">
            <Definitions facts={factsOf(key)} />
          </Card>
          <ServiceKeyActions serviceKey={key} reload={reload} />
        </>
      )}
    </Page>
  );
}

const factsOf = (key: ServiceKeyView) => {
  const { purpose, allowedOrigins, appIds, maxTtlSeconds, tokensNotBefore, successorId, credentialUntil } = key;
  const { name, life, origins } = purposes[purpose];
  return [
    ['For', name] as const,
    ...(origins === undefined
      ? []
      : [['Origins', <Codes key="origins" texts={allowedOrigins} none="none" />] as const]),
    ...(origins === undefined ? [] : [['Apps', <Codes key="apps" texts={appIds ?? []} none="all" />] as const]),
    ...(life === undefined || maxTtlSeconds === undefined ? [] : [[life.label, lengthText(maxTtlSeconds)] as const]),
    ['Created', <Moment key="created" at={key.createdAt} />] as const,
    ['Last used', <LastUse key="used" view={key} />] as const,
    ...(credentialUntil === undefined ? [] : [['Ends', <Moment key="ends" at={credentialUntil} />] as const]),
    ...(successorId === undefined
      ? []
      : [
          [
            'Successor',
            <a key="successor" href={hrefOf(['service-keys', successorId])}>
              <code>{successorId}</code>
            </a>,
          ] as const,
        ]),
    ...(tokensNotBefore === 0
      ? []
      : [
          [
            'Revoked',
            <span key="revoked">
              tokens and sessions up to <Moment at={tokensNotBefore} />
            </span>,
          ] as const,
        ]),
  ];
};

const Codes = ({ texts, none }: { readonly texts: readonly string[]; readonly none: string }) =>
  texts.length === 0 ? (
    <span>{none}</span>
  ) : (
    <ul class="codes">
      {texts.map((text) => (
        <li key={text}>
          <code>{text}</code>
        </li>
      ))}
    </ul>
  );
