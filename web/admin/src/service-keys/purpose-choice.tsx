import type { Purpose } from '../api/views.ts';
import { purposeNames, purposes } from './purposes.ts';

interface PurposeChoiceProps {
  readonly purpose: Purpose;
  readonly isProduction: boolean;
  onChoice(purpose: Purpose): void;
}

export const PurposeChoice = ({ purpose, isProduction, onChoice }: PurposeChoiceProps) => (
  <fieldset class="choices tall">
    <legend>What it opens</legend>
    {purposeNames.map((each) => (
      <label key={each} class="choice">
        <input
          type="radio"
          name="purpose"
          checked={each === purpose}
          disabled={each === 'dev' && isProduction}
          onChange={() => onChoice(each)}
        />
        <span>
          {purposes[each].name}
          <span class="hint">{purposes[each].hint}</span>
        </span>
      </label>
    ))}
  </fieldset>
);
