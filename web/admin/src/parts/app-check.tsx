/** Allows origins that all apps of a kind share, to be entered exactly as the apps send them. */
export const AppCheck = () => (
  <label class="check">
    <input type="checkbox" name="app" />
    <span>
      Allow origins of apps
      <span class="hint">
        Such as <code>capacitor://localhost</code>, which every app of that kind has
      </span>
    </span>
  </label>
);
