/**
 * Forms that are sent with a passkey: `data-passkey` says whether one is made, one is shown for the
 * options in the page, or one is shown for options that are fetched when they are wanted.
 */
const CEREMONIES = {
  make: async (form) => {
    const { creation_options: wanted } = optionsInPage();
    const options = PublicKeyCredential.parseCreationOptionsFromJSON(
      asPasskey(wanted.publicKey, form.elements.passwordless.checked),
    );
    return navigator.credentials.create({ publicKey: options });
  },
  show: async () => get(optionsInPage()),
  fetch: async (form) => {
    const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(`options for a passkey: ${answer.status}`);
    return get(await answer.json());
  },
};

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (isSupported()) enable(form);
  else disable(form);
}

function enable(form) {
  form.addEventListener("submit", (event) => send(event, form));
  form.hidden = false;
}

async function send(event, form) {
  event.preventDefault();
  const failed = document.querySelector("#passkey-failed");
  failed.hidden = true;
  try {
    const credential = await CEREMONIES[form.dataset.passkey](form);
    form.elements.credential.value = JSON.stringify(credential.toJSON());
  } catch {
    // The browser tells nobody why: what a device holds is not the page's business.
    failed.hidden = false;
    return;
  }
  form.submit();
}

function get({ request_options: { publicKey } }) {
  const options = PublicKeyCredential.parseRequestOptionsFromJSON(publicKey);
  return navigator.credentials.get({ publicKey: options });
}

/** One that signs in alone has to know its owner, and to be found without a name. */
function asPasskey(options, isAlone) {
  const selection = {
    ...options.authenticatorSelection,
    residentKey: isAlone ? "required" : "discouraged",
    requireResidentKey: isAlone,
  };
  if (isAlone) selection.userVerification = "required";
  return { ...options, authenticatorSelection: selection };
}

function optionsInPage() {
  return JSON.parse(document.querySelector("#passkey-options").textContent);
}

/** Passkeys belong to a name: browsers refuse them at an address of numbers. */
function isSupported() {
  const isNumber = /^[\d.]+$|^\[/.test(location.hostname);
  return Boolean(window.PublicKeyCredential?.parseCreationOptionsFromJSON) && !isNumber;
}

function disable(form) {
  // Signing in goes on without: only who came for a passkey is told.
  if (form.dataset.passkey !== "fetch") document.querySelector("#passkey-missing").hidden = false;
  form.querySelector("button[type=submit]").disabled = true;
}
