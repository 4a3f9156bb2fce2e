import type { Place } from './place.ts';

/** The page: its server puts the token in. */
export const htmlSnippet = ({ origin }: Place): string => `<div id="widget"></div>
<script
  src="${origin}/widget.js"
  data-token="<%= widgetToken %>"
  data-container="#widget"
  data-theme="auto">
</script>
`;
