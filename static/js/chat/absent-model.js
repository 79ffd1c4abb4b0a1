// As the server writes it: see `chat/mentions.py`.
const MENTION = /<span class="mention" data-person="(\d+)">(@[^<]+)<\/span>/g;

/** Whom a message mentions who is none of these members: `{id, name}`, each once. */
export function absentFrom(members, { html, deleted }) {
  const inside = new Set(members.map(({ id }) => id));
  const absent = new Map();
  for (const [, number, name] of deleted ? [] : html.matchAll(MENTION)) {
    const id = Number(number);
    if (!inside.has(id)) absent.set(id, { id, name });
  }
  return [...absent.values()];
}
