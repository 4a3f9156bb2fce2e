/** Uses the system colors, which follow the color scheme and the reader's settings. */
const RULES = `
:host{all:initial;display:block;font:16px/1.5 system-ui,sans-serif;--soft:color-mix(in srgb,CanvasText 75%,Canvas)}
*{box-sizing:border-box;font:inherit;color:inherit}
.w{background:Canvas;color:CanvasText}
.w,input,button,a,.r,dl div{border-radius:8px;padding:8px 12px}
label,h2,caption,b{font-weight:600}
h2,dd,p,ul,dl{margin:0;padding:0}
input,button{background:none;border:1px solid var(--soft)}
input{width:100%}
:focus-visible{outline:3px solid LinkText}
p,small,dt,th,td{color:var(--soft);font-size:14px}
ul{list-style:none}
a,.r,dl{display:flex;justify-content:space-between;gap:8px;text-decoration:none}
a:hover,a:focus,dl div{background:color-mix(in srgb,CanvasText 8%,Canvas)}
dl{flex-wrap:wrap}
dl div{flex:1}
dd{font-size:22px}
table{width:100%}
th,caption{text-align:left}
td+td{width:70%}
i{height:14px;background:LinkText}
i,small{display:block}
`;

/**
 * Adds the styles to a shadow root. A constructed style sheet needs no exception in a page's Content-Security-Policy.
 */
export function dress(root: ShadowRoot): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(RULES);
  root.adoptedStyleSheets = [sheet];
}
