/** Somebody's function: it answers with who calls, as the authorizer told. */
exports.handler = async ({ httpMethod, path, requestContext: { authorizer } }) => ({
  statusCode: 200,
  body: JSON.stringify({ httpMethod, path, shopId: authorizer?.shopId }),
});
