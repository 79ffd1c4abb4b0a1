import { gettext } from "#lib/gettext";
import { stop } from "#lib/pushes";
import { renew, standing, turnOn } from "#push/subscription";

/** The part of the settings that is about this browser. */
const panel = document.querySelector("#push");
const person = Number(panel.dataset.owner);
const here = panel.querySelector("[data-here]");
const ACTS = { on, off, test };
let device = here ? Number(here.dataset.device) : null;

for (const button of panel.querySelectorAll("[data-do]"))
  button.addEventListener("click", () => perform(button));
for (const form of panel.querySelectorAll("[data-here] form"))
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    off();
  });
begin();

async function begin() {
  const state = await standing(person);
  // It is on here, and the server does not know it: the session is another one.
  if (state === "on" && device === null) device = await renew(person);
  show(state === "on" && device === null ? "off" : state);
}

async function perform(button) {
  button.disabled = true;
  try {
    await ACTS[button.dataset.do]();
  } catch (error) {
    say(gettext("The browser refuses: %(reason)s", { reason: error.message }));
  }
  button.disabled = false;
}

async function on() {
  const { state, refusal } = await turnOn(person, panel.dataset.key);
  if (state === "on") return location.reload();
  show(state);
  if (state === "off")
    say(refusal ?? gettext("The browser has not been allowed to. Press again when you like."));
}

async function off() {
  await stop();
  const form = here?.querySelector("form");
  if (form) form.submit();
  else show("off");
}

async function test() {
  const { sendTest } = await import("#push/test");
  await sendTest(device, say);
}

function show(state) {
  for (const part of panel.querySelectorAll("[data-push]"))
    part.hidden = part.dataset.push !== state;
}

function say(words) {
  panel.querySelector("[role=status]").textContent = words;
}
