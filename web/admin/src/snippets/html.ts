import type { Place } from './place.ts';

/** The page, into which its server inserts the token. */
export const htmlSnippet = ({ origin }: Place): string => `<div id="widget"></div>
<script
  src="${origin}/widget.js"
  data-token="<%= widgetToken %>"
  data-container="#widget"
  data-theme="auto">
</script>
`;
