import { kept } from "#lib/kept";
import { isNew } from "#live/outbox";

/**
 * Brings back the posts of lists from before the installation was restored. Nobody can tell whether they arrived, so they
 * come back as failed ones, for the person to look at.
 */
export async function bringBack(lists, shelf) {
  for (const key of lists) {
    const posts = (await kept.get(key)) ?? [];
    const marked = posts.map((post) => ({ ...post, failed: { code: "restored", detail: "" } }));
    await shelf.change((known) => [...marked.filter((post) => isNew(post, known)), ...known]);
    await kept.remove(key);
  }
}
