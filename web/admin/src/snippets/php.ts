import { KEY_VARIABLE, type Place } from './place.ts';

export const phpSnippet = ({ origin, shopId }: Place): string => `<?php
// widget-token.php, for PHP 8 with curl. The key comes from ${KEY_VARIABLE}.
declare(strict_types=1);

const WIDGET_TOKEN_URL = '${origin}/api/shops/${shopId}/widget-token';
const WIDGET_TOKEN_KEEP_SECONDS = 23 * 60 * 60;
// A file that PHP may write and that no visitor can load: outside the web root.
const WIDGET_TOKEN_FILE = __DIR__ . '/../widget-token.json';

/** A widget token to put into a page; a new one after 23 hours. */
function widget_token(): string
{
    $kept = is_file(WIDGET_TOKEN_FILE) ? json_decode((string) file_get_contents(WIDGET_TOKEN_FILE), true) : null;
    if (is_array($kept) && time() < $kept['until']) {
        return $kept['token'];
    }
    $token = fetch_widget_token();
    // Written aside and renamed, so that nobody reads half of it; tempnam lets nobody else read it at all.
    $draft = tempnam(dirname(WIDGET_TOKEN_FILE), 'widget-token');
    file_put_contents($draft, json_encode(['token' => $token, 'until' => time() + WIDGET_TOKEN_KEEP_SECONDS]));
    rename($draft, WIDGET_TOKEN_FILE);
    return $token;
}

function fetch_widget_token(): string
{
    $call = curl_init(WIDGET_TOKEN_URL);
    curl_setopt_array($call, [
        CURLOPT_POST => true,
        CURLOPT_POSTFIELDS => '',
        CURLOPT_HTTPHEADER => ['X-Shop-API-Key: ' . getenv('${KEY_VARIABLE}')],
        CURLOPT_RETURNTRANSFER => true,
        CURLOPT_TIMEOUT => 10,
    ]);
    $answer = curl_exec($call);
    if ($answer === false) {
        throw new RuntimeException(curl_error($call));
    }
    if (curl_getinfo($call, CURLINFO_RESPONSE_CODE) !== 200) {
        throw new RuntimeException($answer);
    }
    return json_decode($answer, true)['token'];
}
`;
