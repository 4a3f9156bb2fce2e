/**
 * CloudFront Function, viewer request: the console is one page, at /admin and /admin/; the bare name redirects to it. Runtime
 * cloudfront-js-2.0, which has no modules and no destructuring. CloudFront calls the function by its name.
 */
// biome-ignore lint/correctness/noUnusedVariables: CloudFront calls it by its name
function handler(event) {
  const request = event.request;
  if (request.uri === '/' && (request.method === 'GET' || request.method === 'HEAD'))
    return { statusCode: 302, statusDescription: 'Found', headers: { location: { value: '/admin/' } } };
  if (request.uri === '/admin' || request.uri === '/admin/') request.uri = '/admin/index.html';
  return request;
}
