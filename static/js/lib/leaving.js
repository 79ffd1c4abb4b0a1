import { kept, keysOf, prefixOf } from "#lib/kept";
import { countLeft, dropLeft } from "#lib/parting";

/** Signs out by this form, once what the browser keeps for the person is gone, or not if they think better of it. */
export async function leave(form) {
  const { person } = form.dataset;
  const unsent = await unsentOf(person);
  if (unsent > 0 && !(await isSure(unsent))) return;
  await discard(person);
  await stopPush();
  form.submit();
}

// What stands on the screen was for who leaves. The server forgets this browser with the session.
async function stopPush() {
  if (!localStorage.getItem("push")) return;
  const { stop } = await import("#lib/pushes");
  await stop().catch(() => {});
}

async function isSure(unsent) {
  const { confirm } = await import("#lib/dialog");
  const { WORDS } = await import("#lib/words");
  return confirm({
    title: WORDS.signOutTitle,
    text: WORDS.signOutText(unsent),
    agree: WORDS.signOut,
    decline: WORDS.staySignedIn,
  });
}

/** How many posts of a person wait in this browser. */
export async function unsentOf(person) {
  const lists = await Promise.all((await keysOf("outbox", person)).map((key) => kept.get(key)));
  return lists.flat().length + countLeft(prefixOf("outbox", person));
}

/** Forgets everything this browser keeps for a person. */
export async function discard(person) {
  const kinds = ["outbox", "draft"];
  for (const kind of kinds) dropLeft(prefixOf(kind, person));
  const names = await Promise.all(kinds.map((kind) => keysOf(kind, person)));
  await Promise.all(names.flat().map(kept.remove));
}
