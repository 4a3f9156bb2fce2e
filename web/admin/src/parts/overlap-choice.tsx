import type { OverlapSeconds } from '#contract/admin-api.ts';
import { limits } from '#contract/limits.ts';
import { lengthText } from '../words/moments.ts';

interface OverlapChoiceProps {
  readonly seconds: OverlapSeconds;
  onChoice(seconds: OverlapSeconds): void;
}

/** How long an old key stays valid together with its successor. */
export const OverlapChoice = ({ seconds, onChoice }: OverlapChoiceProps) => (
  <fieldset class="choices">
    <legend>The old key stays valid for</legend>
    {limits.rotationOverlapsSeconds.map((each) => (
      <label key={each} class="choice">
        <input
          type="radio"
          name="overlap"
          value={String(each)}
          checked={each === seconds}
          data-first={each === seconds ? true : undefined}
          onChange={() => onChoice(each)}
        />
        {lengthText(each)}
      </label>
    ))}
  </fieldset>
);
