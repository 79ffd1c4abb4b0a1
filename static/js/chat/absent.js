import { html } from "lit-html";
import { absentFrom } from "#chat/absent-model";
import { WORDS } from "#chat/mention-words";
import { refusalWords } from "#chat/refusals";
import { announce, toast } from "#lib/notices";
import { icon, when } from "#lib/parts";

/** The numbers of messages below which it stands who was mentioned and is not in the room. */
const noted = new Set();

/** Points out below one's own new messages whom they mention who is not in the room, with a way to bring them in. */
export function pointOut(desk, timeline, messages) {
  for (const { id } of messages) noted.add(id);
  timeline.under = (row) => (noted.has(row.id) ? below(desk, timeline, row) : undefined);
  timeline.changed();
  for (const one of messages) {
    const absent = absentHere(desk, one);
    if (absent.length > 0) announce(WORDS.absent(namesOf(absent), absent.length));
  }
}

// Worked out whenever it is drawn: who comes into the room is no longer absent.
function absentHere({ current }, row) {
  const { facts, members, closed } = current;
  return closed || facts?.archived ? [] : absentFrom(members, row);
}

function below(desk, timeline, row) {
  const absent = absentHere(desk, row);
  if (absent.length === 0) return undefined;
  const dismiss = () => {
    noted.delete(row.id);
    timeline.changed();
  };
  return html`<p class="message-state">
    <span>${WORDS.absent(namesOf(absent), absent.length)}</span>
    <button type="button" class="link-button" @click=${() => bringIn(desk, row, absent)}>${WORDS.bringIn}</button>
    ${when(
      desk.current.facts?.private === false,
      () =>
        html`<button type="button" class="link-button" @click=${() => invite(desk, absent, dismiss)}>${WORDS.invite}</button>`,
    )}
    <button type="button" class="link-button" aria-label=${WORDS.dismiss} @click=${dismiss}>${icon("x")}</button>
  </p>`;
}

async function bringIn(desk, row, absent) {
  const people = absent.map(({ id }) => id);
  const { ok, error } = await desk.command("member.add", { people, message: row.id });
  toast(error ? refusalWords(error) : WORDS.broughtIn(ok.people.length));
}

// Into an open room everybody may come by themselves: they are asked.
async function invite(desk, absent, dismiss) {
  const people = absent.map(({ id }) => id);
  const { ok, error } = await desk.command("member.invite", { people });
  toast(error ? refusalWords(error) : WORDS.invited(ok.people.length));
  if (ok) dismiss();
}

function namesOf(people) {
  const { lang } = document.documentElement;
  return new Intl.ListFormat(lang).format(people.map(({ name }) => name));
}
