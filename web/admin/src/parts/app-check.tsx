/** Allows origins that all apps of a kind share; they must be entered exactly as the apps send them. */
export const AppCheck = () => (
  <label class="check">
    <input type="checkbox" name="app" />
    <span>
      Allow origins of apps
      <span class="hint">
        For example <code>capacitor://localhost</code>, which every app of that kind has
      </span>
    </span>
  </label>
);
