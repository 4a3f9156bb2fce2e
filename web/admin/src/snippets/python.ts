import { KEY_VARIABLE, type Place } from './place.ts';

export const pythonSnippet = ({
  origin,
  shopId,
}: Place): string => `"""widget_token.py, for Python 3.8 and later. The key comes from ${KEY_VARIABLE}."""
import json
import os
import threading
import time
import urllib.error
import urllib.request

URL = "${origin}/api/shops/${shopId}/widget-token"
KEEP_SECONDS = 23 * 60 * 60

_lock = threading.Lock()
_kept = {"until": 0.0, "token": ""}


def widget_token() -> str:
    """A widget token to put into a page; a new one after 23 hours."""
    with _lock:
        if time.time() >= _kept["until"]:
            _kept.update(token=_fetch_token(), until=time.time() + KEEP_SECONDS)
        return _kept["token"]


def _fetch_token() -> str:
    headers = {"X-Shop-API-Key": os.environ["${KEY_VARIABLE}"]}
    request = urllib.request.Request(URL, method="POST", headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)["token"]
    except urllib.error.HTTPError as error:
        raise RuntimeError(error.read().decode()) from None
`;
