<?php
// widget-token.php, for PHP 8 with curl. The key comes from WIDGET_GATE_SHOP_API_KEY.
declare(strict_types=1);

define('WIDGET_TOKEN_URL', rtrim((string) getenv('WIDGET_GATE_URL'), '/') . '/api/shops/' . getenv('WIDGET_GATE_SHOP_ID') . '/widget-token');
const WIDGET_TOKEN_KEEP_SECONDS = 23 * 60 * 60;
const WIDGET_TOKEN_CHECK_SECONDS = 60;
// A file that PHP may write and that no visitor can load: outside the web root.
const WIDGET_TOKEN_FILE = __DIR__ . '/../widget-token.json';

/** A widget token to put into a page: a new one after 23 hours, for another key, or once the gate stops accepting it. */
function widget_token(): string
{
    $key = (string) getenv('WIDGET_GATE_SHOP_API_KEY');
    // Another key, gate or shop makes another name, so a token of the old one is never used.
    $name = hash('sha256', WIDGET_TOKEN_URL . "\n" . $key);
    $kept = is_file(WIDGET_TOKEN_FILE) ? json_decode((string) file_get_contents(WIDGET_TOKEN_FILE), true) : null;
    $isKept = is_array($kept) && ($kept['name'] ?? '') === $name && time() < $kept['until'];
    if ($isKept && time() < $kept['checkAt']) {
        return $kept['token'];
    }
    if (!$isKept || widget_token_is_refused($key, $kept['token'])) {
        [$status, $answer] = widget_token_call($key, WIDGET_TOKEN_URL);
        if ($status !== 200) {
            throw new RuntimeException($answer);
        }
        $kept = ['token' => json_decode($answer, true)['token'], 'until' => time() + WIDGET_TOKEN_KEEP_SECONDS];
    }
    $kept = ['name' => $name, 'checkAt' => time() + WIDGET_TOKEN_CHECK_SECONDS] + $kept;
    // Written aside and renamed, so that nobody reads half of it; tempnam lets nobody else read it at all.
    $draft = tempnam(dirname(WIDGET_TOKEN_FILE), 'widget-token');
    file_put_contents($draft, json_encode($kept));
    rename($draft, WIDGET_TOKEN_FILE);
    return $kept['token'];
}

/** Whether the gate says that it no longer accepts the token. If it does not answer, the token stays. */
function widget_token_is_refused(string $key, string $token): bool
{
    try {
        [$status, $answer] = widget_token_call($key, WIDGET_TOKEN_URL . '/inspect', json_encode(['token' => $token]));
    } catch (RuntimeException) {
        return false;
    }
    $verdict = json_decode($answer, true);
    // A reason with an origin speaks of this call; in pages of the shop the token is valid.
    return $status === 401
        || ($status === 200 && $verdict['valid'] === false && !str_starts_with($verdict['reason'], 'origin_'));
}

/** Status and body of an answer. */
function widget_token_call(string $key, string $url, string $body = ''): array
{
    $call = curl_init($url);
    curl_setopt_array($call, [
        CURLOPT_POST => true,
        CURLOPT_POSTFIELDS => $body,
        CURLOPT_HTTPHEADER => ['X-Shop-API-Key: ' . $key, 'Content-Type: application/json'],
        CURLOPT_RETURNTRANSFER => true,
        CURLOPT_TIMEOUT => 10,
    ]);
    $answer = curl_exec($call);
    if ($answer === false) {
        throw new RuntimeException(curl_error($call));
    }
    return [curl_getinfo($call, CURLINFO_RESPONSE_CODE), $answer];
}
