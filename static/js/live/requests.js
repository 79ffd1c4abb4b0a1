/** An answer that has not come by then will not come. A poll is held for 25 s. */
const PATIENCE = 10_000;
const POLL_PATIENCE = 40_000;

let token = null;

/** Posts JSON as this person; `{status, body}`, status 0 when there was no answer, body null where it is no JSON. */
export async function post(path, body) {
  token ??= await askToken();
  const answer = await send(path, body);
  // Signing in elsewhere in this browser has given it another token.
  if (answer.status !== 403 || answer.body !== null) return answer;
  token = await askToken();
  return send(path, body);
}

/** Reads one poll, until `signal` says that nobody waits for it any more. */
export function poll(path, signal) {
  return request(path, { signal: AbortSignal.any([signal, AbortSignal.timeout(POLL_PATIENCE)]) });
}

async function askToken() {
  const { body } = await request("/live/session", { signal: AbortSignal.timeout(PATIENCE) });
  return body?.csrf ?? null;
}

function send(path, body) {
  return request(path, {
    method: "POST",
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(PATIENCE),
    headers: { "Content-Type": "application/json", "X-CSRFToken": token ?? "" },
  });
}

// What the server says in words is in the language of the page, which need not be the browser's first one.
async function request(path, { headers, ...options }) {
  const { lang } = document.documentElement;
  try {
    const response = await fetch(path, {
      cache: "no-store",
      headers: { Accept: "application/json", "Accept-Language": lang, ...headers },
      ...options,
    });
    return { status: response.status, body: await response.json().catch(() => null) };
  } catch {
    return { status: 0, body: null };
  }
}
