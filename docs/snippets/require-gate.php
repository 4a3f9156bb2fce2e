<?php
// require-gate.php, for PHP 8 with sodium: lets only calls of the gate through.
declare(strict_types=1);

const GATE_KEYS_SECONDS = 300;
const GATE_REFETCH_SECONDS = 30;
// A file that PHP may write and nobody else: outside the web root, and not in a shared temporary directory.
const GATE_KEYS_FILE = __DIR__ . '/../gate-keys.json';

/** The claims of a call that came through the gate; ends any other call with 401. */
function require_gate(): array
{
    $path = explode('?', $_SERVER['REQUEST_URI'])[0];
    $claims = gate_claims($_SERVER['HTTP_X_GATE_ASSERTION'] ?? '', $_SERVER['REQUEST_METHOD'], $path);
    if ($claims === null) {
        http_response_code(401);
        header('Content-Type: application/json');
        exit('{"code":"not_from_gate","message":"This API accepts calls of the gate only."}');
    }
    return $claims;
}

/** The claims of an assertion for this method and path; null for any other text. */
function gate_claims(string $assertion, string $method, string $path): ?array
{
    $parts = explode('.', $assertion);
    if (count($parts) !== 3) {
        return null;
    }
    [$header, $claims, $signature] = array_map('gate_decode', $parts);
    $header = json_decode($header, true);
    if (!is_array($header) || ($header['alg'] ?? '') !== 'EdDSA' || !is_string($header['kid'] ?? null)) {
        return null;
    }
    $key = gate_key($header['kid']);
    if ($key === null || strlen($signature) !== SODIUM_CRYPTO_SIGN_BYTES) {
        return null;
    }
    if (!sodium_crypto_sign_verify_detached($signature, "$parts[0].$parts[1]", $key)) {
        return null;
    }
    $claims = json_decode($claims, true);
    $isForThisCall = is_array($claims)
        // The stack's output AssertionIssuer.
        && ($claims['iss'] ?? '') === getenv('WIDGET_GATE_ISSUER')
        // Scheme, host and port of the stage's upstream URL.
        && ($claims['aud'] ?? '') === getenv('WIDGET_GATE_UPSTREAM_ORIGIN')
        && is_int($claims['exp'] ?? null) && time() < $claims['exp']
        && ($claims['htm'] ?? '') === $method
        && ($claims['htu'] ?? '') === $path;
    return $isForThisCall ? $claims : null;
}

/** A public key by its id: kept for five minutes, fetched again for an unknown id, at most every 30 seconds. */
function gate_key(string $kid): ?string
{
    $kept = is_file(GATE_KEYS_FILE) ? json_decode((string) file_get_contents(GATE_KEYS_FILE), true) : null;
    $age = is_array($kept) ? time() - $kept['fetchedAt'] : PHP_INT_MAX;
    $isUnknown = !isset($kept['keys'][$kid]) && $age >= GATE_REFETCH_SECONDS;
    if ($age >= GATE_KEYS_SECONDS || $isUnknown) {
        $url = rtrim((string) getenv('WIDGET_GATE_URL'), '/') . '/.well-known/jwks.json';
        $options = ['http' => ['timeout' => 5, 'follow_location' => 0]];
        $fetched = json_decode((string) @file_get_contents($url, false, stream_context_create($options)), true);
        if (is_array($fetched['keys'] ?? null)) {
            $keys = array_filter($fetched['keys'], fn ($key) => $key['kty'] === 'OKP' && $key['crv'] === 'Ed25519');
            $kept = ['fetchedAt' => time(), 'keys' => array_column($keys, 'x', 'kid')];
            // Written aside and renamed, so that nobody reads half of it.
            $draft = tempnam(dirname(GATE_KEYS_FILE), 'gate-keys');
            file_put_contents($draft, json_encode($kept));
            rename($draft, GATE_KEYS_FILE);
        }
    }
    $key = gate_decode($kept['keys'][$kid] ?? '');
    return strlen($key) === SODIUM_CRYPTO_SIGN_PUBLICKEYBYTES ? $key : null;
}

/** Base64url without padding; empty for anything else. */
function gate_decode(string $text): string
{
    try {
        return sodium_base642bin($text, SODIUM_BASE64_VARIANT_URLSAFE_NO_PADDING);
    } catch (SodiumException) {
        return '';
    }
}
