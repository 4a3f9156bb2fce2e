"""require_gate.py, for Python 3.8 or later with PyJWT[crypto]: WSGI middleware that lets only calls of the gate through."""
import json
import os

import jwt

_keys = jwt.PyJWKClient(os.environ["WIDGET_GATE_URL"].rstrip("/") + "/.well-known/jwks.json")


def gate_claims(assertion, method, path):
    """The claims of a call that came through the gate. Raises jwt.PyJWTError for any other call."""
    claims = jwt.decode(
        assertion,
        _keys.get_signing_key_from_jwt(assertion).key,
        algorithms=["EdDSA"],
        # The stack's output AssertionIssuer.
        issuer=os.environ["WIDGET_GATE_ISSUER"],
        # Scheme, host and port of the stage's upstream URL.
        audience=os.environ["WIDGET_GATE_UPSTREAM_ORIGIN"],
        # Without verify_iat, a clock that is a second behind the gate's refuses no call; exp is still checked.
        options={"require": ["exp", "htm", "htu"], "verify_iat": False},
    )
    if (claims["htm"], claims["htu"]) != (method, path):
        raise jwt.InvalidTokenError("The assertion is for another call.")
    return claims


def require_gate(app):
    def checked(environ, start_response):
        # RAW_URI (gunicorn) or REQUEST_URI (uWSGI, mod_wsgi): the path as it was sent, which PATH_INFO no longer is.
        path = (environ.get("RAW_URI") or environ["REQUEST_URI"]).split("?")[0]
        try:
            environ["gate"] = gate_claims(environ.get("HTTP_X_GATE_ASSERTION", ""), environ["REQUEST_METHOD"], path)
        except jwt.PyJWTError:
            start_response("401 Unauthorized", [("Content-Type", "application/json")])
            body = {"code": "not_from_gate", "message": "This API accepts calls of the gate only."}
            return [json.dumps(body).encode()]
        return app(environ, start_response)

    return checked
