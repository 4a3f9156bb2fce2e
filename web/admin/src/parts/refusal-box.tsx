import type { Refusal } from '../api/call.ts';
import { hrefOf } from '../route/route.ts';
import { refusalWords } from '../words/refusals.ts';
import { Button } from './button.tsx';
import { CopyButton } from './copy-button.tsx';

interface RefusalBoxProps {
  readonly refusal: Refusal;
  readonly retryLabel?: string;
  onRetry?(): void;
}

/** The error, what to do, and the request id for looking it up. */
export function RefusalBox({ refusal, retryLabel = 'Try again', onRetry }: RefusalBoxProps) {
  const { code, detail, requestId, retryAfterSeconds } = refusal;
  const command = /^Run: (.+)$/.exec(detail ?? '')?.[1];
  return (
    <div class="notice danger" role="alert">
      <p>{refusalWords[code]}</p>
      {command !== undefined && (
        <div class="command">
          <code>{command}</code>
          <CopyButton text={command} what="the line" />
        </div>
      )}
      {detail !== undefined && command === undefined && <p>{detail}</p>}
      {retryAfterSeconds !== undefined && retryAfterSeconds > 1 && <p>Wait {retryAfterSeconds} s.</p>}
      <p class="fine">
        <code>{code}</code>
        {requestId !== undefined && (
          <>
            {' · request '}
            <code>{requestId}</code>
            {' · '}
            {/* In a new tab, so that input in this page is kept. */}
            <a href={hrefOf(['explain', requestId])} target="_blank" rel="noopener">
              Explain this call (new tab)
            </a>
          </>
        )}
      </p>
      {onRetry !== undefined && <Button onClick={onRetry}>{retryLabel}</Button>}
    </div>
  );
}
