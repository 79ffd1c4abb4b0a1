import { discard, unsentOf } from "#lib/kept";

/** Signing out takes with it what this browser keeps for the person, and asks first if something was not sent. */
export function guardSignOut() {
  for (const form of document.querySelectorAll("form.sign-out-form")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      leave(form);
    });
  }
}

async function leave(form) {
  const { person } = form.dataset;
  const unsent = await unsentOf(person);
  if (unsent > 0 && !(await isSure(unsent))) return;
  await discard(person);
  form.submit();
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
