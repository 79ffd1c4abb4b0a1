import { html } from "lit-html";
import { change, get, isDone } from "#boards/requests";
import { WORDS } from "#boards/words";
import { openDialog } from "#lib/dialog";
import { toast } from "#lib/notices";

/** Asks who may see a board, and says so to the server. */
export async function share({ slug }) {
  const path = `/boards/${slug}/share`;
  const { status, body } = await get(path);
  if (!isDone({ status }) || !body) {
    toast(WORDS.failedAct);
    return;
  }
  const dialog = openDialog(template(body), { label: WORDS.shareTitle, className: "is-question" });
  const form = dialog.querySelector("form");
  form.addEventListener("submit", async (event) => {
    if (event.submitter?.value !== "save") return;
    event.preventDefault();
    const { everybody, room = [] } = form.elements;
    const rooms = [...(room instanceof RadioNodeList ? room : [room].flat())]
      .filter(({ checked }) => checked)
      .map(({ value }) => Number(value));
    const answer = await change("POST", path, { everybody: everybody.checked, rooms });
    if (isDone(answer)) dialog.close();
    else
      form.querySelector(".field-error").textContent =
        answer.body?.error?.detail || WORDS.failedAct;
  });
}

function template({ everybody, rooms }) {
  return html`<form method="dialog" class="dialog-body">
    <h2>${WORDS.shareTitle}</h2>
    <label class="share-row"><input type="checkbox" name="everybody" .checked=${everybody} />${WORDS.shareEverybody}</label>
    <fieldset class="choices"><legend class="field-label">${WORDS.shareRooms}</legend>
      <div class="share-rooms">${rooms.map(({ id, name, shared }) => html`<label class="share-row"><input type="checkbox" name="room" value=${id} .checked=${shared} />${name}</label>`)}
      ${rooms.length === 0 ? html`<p>${WORDS.shareNone}</p>` : ""}</div>
    </fieldset>
    <p class="field-error" role="alert"></p>
    <div class="dialog-actions">
      <button type="button" class="button" @click=${({ target }) => target.closest("dialog").close()}>${WORDS.cancel}</button>
      <button class="button primary" value="save">${WORDS.save}</button>
    </div>
  </form>`;
}
