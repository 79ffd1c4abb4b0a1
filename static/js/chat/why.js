import { html, nothing } from "lit-html";
import { addressOf } from "#chat/address";
import { WORDS } from "#chat/notify-words";
import { refusalWords } from "#chat/refusals";
import { when } from "#lib/parts";
import { fullTime } from "#lib/time";
import { View } from "#lib/view";

/** Shows step by step why the person was told of a message, or was not. */
export async function openWhy(desk, message) {
  let reasons = null;
  const page = `${addressOf(desk.current.id, message.seq)}/why`;
  const view = new View({
    label: WORDS.why,
    className: "is-form",
    closeWords: WORDS.close,
    template: () => template(reasons, desk.person.staff ? page : null),
  });
  view.say(WORDS.asking);
  const { ok, error } = await desk.command("message.why", { message: message.id });
  reasons = ok?.reasons ?? [];
  view.say(error ? refusalWords(error) : "");
}

function template(reasons, page) {
  return html`<div class="dialog-body">
    ${reasons?.map(reasonTemplate) ?? nothing}
    ${when(page, () => html`<p><a href=${page}>${WORDS.aboutOthers}</a></p>`)}
  </div>`;
}

function reasonTemplate({ kind, decided, lines }) {
  return html`<section class="reason" aria-label=${kind}>
    <h3>${kind}</h3>
    <p class="quiet">${decided ? WORDS.decided(fullTime(decided)) : WORDS.notDecided}</p>
    <ol class="reason-steps">
      ${lines.map((line, place) => html`<li class=${place === lines.length - 1 ? "is-done" : ""}>${line}</li>`)}
    </ol>
  </section>`;
}
