import { html } from "lit-html";
import { WORDS } from "#inbox/words";
import { clockTime, dayName, dayOf, fullTime } from "#lib/time";

/** What an item says, in the language of the page where the server knows it. */
export function textOf({ text }) {
  return text[document.documentElement.lang] ?? Object.values(text)[0] ?? "";
}

/** When it happened: today by the clock, otherwise by the day. */
export function timeTemplate(iso) {
  const now = Date.now();
  const shown = dayOf(iso) === dayOf(now) ? clockTime(iso) : dayName(iso, now, WORDS);
  return html`<time class="quiet" datetime=${iso} title=${fullTime(iso)}>${shown}</time>`;
}
