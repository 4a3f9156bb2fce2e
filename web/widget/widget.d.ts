/** What `widget.js` puts into the page's global scope. */
declare const Widget: { readonly version: string };
