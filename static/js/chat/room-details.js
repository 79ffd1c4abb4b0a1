import { html } from "lit-html";
import { refusalWords } from "#chat/refusals";
import { WORDS } from "#chat/room-words";
import { confirm } from "#lib/dialog";
import { icon } from "#lib/parts";
import { View } from "#lib/view";

/** What owners and moderators say about the open room: its name, what it is for, who reads its past, and its end. */
export function openRoomDetails(desk) {
  new RoomDetails(desk);
}

class RoomDetails {
  #desk;
  #room;
  #view;

  constructor(desk) {
    this.#desk = desk;
    this.#room = desk.current;
    this.#view = new View({
      label: WORDS.details,
      className: "is-form",
      closeWords: WORDS.close,
      template: () => this.#template(),
    });
    const { signal } = this.#view;
    desk.addEventListener("rows", () => this.#view.draw(), { signal });
    desk.addEventListener("closed", () => this.#room.closed && this.#view.close(), { signal });
  }

  #template() {
    const { facts } = this.#room;
    return html`<form class="form dialog-body" @submit=${this.#save}>
        <div class="field">
          <label for="details-name">${WORDS.name}</label>
          <input id="details-name" name="name" dir="auto" required maxlength="60" autocomplete="off" value=${facts.name} autofocus />
        </div>
        <div class="field">
          <label for="details-topic">${WORDS.topic}</label>
          <input id="details-topic" name="topic" dir="auto" maxlength="200" autocomplete="off" value=${facts.topic} aria-describedby="details-topic-help" />
          <p class="field-help" id="details-topic-help">${WORDS.topicHint}</p>
        </div>
        <div class="field is-check">
          <input type="checkbox" id="details-history" name="history" ?checked=${facts.history_open} aria-describedby="details-history-help" />
          <label for="details-history">${WORDS.history}</label>
          <p class="field-help" id="details-history-help">${WORDS.historyHint}</p>
        </div>
        <div class="dialog-actions">
          <button type="button" class="button" @click=${() => this.#view.close()}>${WORDS.cancel}</button>
          <button type="submit" class="button primary">${WORDS.save}</button>
        </div>
      </form>
      <div class="dialog-end">
        <p class="quiet">${facts.archived ? WORDS.reopenText : WORDS.archiveText}</p>
        <button type="button" class="button" @click=${this.#archive}>
          ${facts.archived ? icon("archive-restore") : icon("archive")} ${facts.archived ? WORDS.reopen : WORDS.archive}
        </button>
      </div>`;
  }

  #save = async (event) => {
    event.preventDefault();
    const args = this.#changes(new FormData(event.target));
    if (Object.keys(args).length === 0) return this.#view.close();
    const { error } = await this.#command("room.update", args);
    if (error) this.#view.say(refusalWords(error));
    else this.#view.close();
  };

  // What was not changed is not sent: somebody else may have changed it meanwhile.
  #changes(form) {
    const { facts } = this.#room;
    const wanted = {
      name: form.get("name").trim(),
      topic: form.get("topic").trim(),
      is_history_open: form.has("history"),
    };
    const now = { name: facts.name, topic: facts.topic, is_history_open: facts.history_open };
    return Object.fromEntries(Object.entries(wanted).filter(([key, value]) => value !== now[key]));
  }

  #archive = async () => {
    const { archived } = this.#room.facts;
    if (!archived && !(await this.#isSure())) return;
    const { error } = await this.#command("room.archive", { archived: !archived });
    if (error) this.#view.say(refusalWords(error));
    else this.#view.close();
  };

  #isSure() {
    return confirm({
      title: WORDS.archiveTitle(this.#room.title),
      text: WORDS.archiveText,
      agree: WORDS.archive,
      decline: WORDS.cancel,
    });
  }

  #command(verb, args) {
    return this.#desk.command(verb, args, this.#room.id);
  }
}
