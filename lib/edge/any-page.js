/**
 * CloudFront Function, viewer response: a page of any origin may read the widget's files. Also without an `Origin` in the request, because a
 * browser keeps the file of a plain script tag for a year and takes it for one with `integrity` and `crossorigin` later. A response headers
 * policy cannot do this: its CORS headers are for requests with an `Origin` alone ("ResponseHeadersPolicyCorsConfig" in CloudFront's API
 * reference), and CloudFront refuses them as custom headers.
 */
// biome-ignore lint/correctness/noUnusedVariables: CloudFront calls it by its name
function handler(event) {
  const response = event.response;
  response.headers['access-control-allow-origin'] = { value: '*' };
  return response;
}
