/** What boards ask of the server beside what is live. */

const PATIENCE = 15_000;
let token = null;

/** `{status, body}`; status 0 when there was no answer, body null where it is no JSON. */
export function get(path, query = {}, signal = null) {
  const search = new URLSearchParams(query).toString();
  return request(search ? `${path}?${search}` : path, { signal: within(signal) });
}

/** The same with a change: "POST", "PUT" or "DELETE". */
export async function change(method, path, body = null, headers = null) {
  token ??= await askToken();
  const answer = await send(method, path, body, headers);
  // Signing in elsewhere in this browser has given it another token.
  if (answer.status !== 403 || answer.body !== null) return answer;
  token = await askToken();
  return send(method, path, body, headers);
}

export function isDone({ status }) {
  return status >= 200 && status < 300;
}

async function askToken() {
  const { body } = await get("/live/session");
  return body?.csrf ?? null;
}

function send(method, path, body, headers) {
  return request(path, {
    method,
    signal: within(null),
    ...(body !== null && { body: JSON.stringify(body) }),
    headers: { "Content-Type": "application/json", "X-CSRFToken": token ?? "", ...headers },
  });
}

function within(signal) {
  const patience = AbortSignal.timeout(PATIENCE);
  return signal ? AbortSignal.any([signal, patience]) : patience;
}

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
