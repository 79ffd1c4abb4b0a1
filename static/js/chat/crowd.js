import { WORDS } from "#chat/mention-words";
import { confirm } from "#lib/dialog";

/**
 * Asks the server how many a text mentions at once, and where they are many its author: answers with what is to be sent
 * along, or null. Whom the server cannot be asked about it refuses itself until they were confirmed.
 */
export async function mayNotify(desk, text) {
  const { ok } = await desk.command("message.audience", { text });
  if (!ok?.ask) return {};
  const { title, ...words } = WORDS.notify;
  const isAgreed = await confirm({ title: title(ok.people), ...words });
  return isAgreed ? { confirmed: true } : null;
}
