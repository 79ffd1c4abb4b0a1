/**
 * Opens a link whose secret stands behind the `#`: it leaves the address bar and the history, and
 * goes to the server in a form, so that it is in no log and no Referer.
 */
const form = document.querySelector("#link");

addEventListener("hashchange", open);
open();

function open() {
  const secret = location.hash.slice(1);
  if (!secret) return;
  history.replaceState(null, "", location.pathname);
  form.elements.secret.value = secret;
  form.submit();
}
