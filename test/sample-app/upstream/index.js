/** Somebody's function: it returns the caller that the authorizer verified. */
exports.handler = async ({ httpMethod, path, requestContext: { authorizer } }) => ({
  statusCode: 200,
  body: JSON.stringify({ httpMethod, path, shopId: authorizer?.shopId }),
});
