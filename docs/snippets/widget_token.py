"""widget_token.py, for Python 3.8 and later. The key comes from WIDGET_GATE_SHOP_API_KEY."""
import json
import os
import threading
import time
import urllib.error
import urllib.request

URL = os.environ["WIDGET_GATE_URL"].rstrip("/") + "/api/shops/" + os.environ["WIDGET_GATE_SHOP_ID"] + "/widget-token"
KEEP_SECONDS = 23 * 60 * 60
CHECK_SECONDS = 60

_lock = threading.Lock()
_kept = {"key": "", "token": "", "until": 0.0, "check_at": 0.0}


def widget_token() -> str:
    """A widget token to put into a page: a new one after 23 hours, for another key, or once the gate stops accepting it."""
    key = os.environ["WIDGET_GATE_SHOP_API_KEY"]
    with _lock:
        now = time.time()
        is_kept = _kept["key"] == key and now < _kept["until"]
        if is_kept and now >= _kept["check_at"]:
            _kept["check_at"] = now + CHECK_SECONDS
            is_kept = not _is_refused(key, _kept["token"])
        if not is_kept:
            _kept["until"] = 0.0
            _kept.update(token=_fetch_token(key), key=key, until=now + KEEP_SECONDS, check_at=now + CHECK_SECONDS)
        return _kept["token"]


def _fetch_token(key: str) -> str:
    try:
        return _call(key, URL)["token"]
    except urllib.error.HTTPError as error:
        raise RuntimeError(error.read().decode()) from None


def _is_refused(key: str, token: str) -> bool:
    """Whether the gate says that it no longer accepts the token. If it does not answer, the token stays."""
    try:
        answer = _call(key, URL + "/inspect", {"token": token})
    except urllib.error.HTTPError as error:
        return error.code == 401
    except OSError:
        return False
    # A reason with an origin speaks of this call; in pages of the shop the token is valid.
    return answer["valid"] is False and not answer["reason"].startswith("origin_")


def _call(key: str, url: str, body: object = None) -> dict:
    headers = {"X-Shop-API-Key": key, "Content-Type": "application/json"}
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, method="POST", headers=headers, data=data)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)
