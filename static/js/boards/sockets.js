import { html, nothing, render } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { change, get, isDone } from "#boards/requests";
import { WORDS } from "#boards/sockets-words";
import { words } from "#boards/units";
import { fullMoment } from "#boards/when";
import { confirm } from "#lib/dialog";

const AGAIN = 3_000;
const MOST = 200;
const COLUMNS = ["person", "address", "transport", "worker", "since", "in", "out", "lag", "topics"];

/** Who is connected, for staff: one row a socket, with a way to close it. */
export class Sockets {
  #place;
  #panel;
  #sockets = null;
  #search = "";
  #sort = "out";
  #words = "";
  #timer;

  constructor(place, panel) {
    this.#place = place;
    this.#panel = panel;
    place.classList.add("sockets");
    this.#load();
  }

  draw() {
    if (this.#sockets === null && this.#timer) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
      this.#load();
    }
    render(this.#template(), this.#place);
  }

  recolour() {}

  destroy() {
    clearTimeout(this.#timer);
    this.#timer = null;
    render(nothing, this.#place);
  }

  async #load() {
    if (!document.hidden && this.#panel.isInSight) {
      const { status, body } = await get("/boards/sockets");
      if (this.#timer === null) return;
      this.#words = isDone({ status }) ? "" : WORDS.failed;
      if (body?.sockets) this.#sockets = body.sockets;
      // Rows do not move away under a pointer that is about to press.
      if (!this.#place.matches(":hover") || this.#words) this.draw();
    }
    this.#timer = setTimeout(() => this.#load(), AGAIN);
  }

  #template() {
    if (this.#sockets === null)
      return html`<p class="log-remark is-empty">${this.#words || WORDS.loading}</p>`;
    const found = this.#found;
    return html`<div class="log-bar">
        <input type="search" aria-label=${WORDS.search} placeholder=${WORDS.search} @input=${({ target }) => this.#find(target.value)} />
        <span class="log-state">${WORDS.number(found.length)}</span>
      </div>
      <p class="log-error" role="alert">${this.#words}</p>
      <div class="panel-table" tabindex="0" role="region" aria-label=${this.#panel.spec.title}><table>
        <thead><tr>${COLUMNS.map((column) => this.#heading(column))}<th scope="col"><span class="visually-hidden">${WORDS.close}</span></th></tr></thead>
        <tbody>${repeat(
          found.slice(0, MOST),
          ({ id }) => id,
          (socket) => this.#row(socket),
        )}</tbody>
      </table></div>
      ${found.length > MOST ? html`<p class="numbers-note">${WORDS.first(MOST)}</p>` : nothing}`;
  }

  #heading(column) {
    const isSorted = column === this.#sort;
    return html`<th scope="col" aria-sort=${isSorted ? "descending" : nothing}><button type="button" class="table-sort" @click=${() => this.#sortBy(column)}>${WORDS.columns[column]}${isSorted ? " ▼" : nothing}</button></th>`;
  }

  #row(socket) {
    const { id, person, address, transport, worker, since, topics } = socket;
    const name = person?.name ?? WORDS.nobody;
    const age = Date.now() / 1_000 - since;
    return html`<tr>
      <th scope="row">${name}</th><td>${address}</td><td>${transport}</td><td>${worker}</td>
      <td title=${fullMoment(since)}>${words(age, "s")}</td><td>${words(socket.in, "/s")}</td><td>${words(socket.out, "/s")}</td><td>${words(socket.lag, "s")}</td>
      <td title=${topics.join("\n")}>${topics.length}</td>
      <td><button type="button" class="button small" aria-label=${WORDS.closeOf(name)} @click=${() => this.#close(id, name)}>${WORDS.close}</button></td>
    </tr>`;
  }

  get #found() {
    const text = this.#search.toLowerCase();
    const has = ({ person, address, worker, transport }) =>
      `${person?.name} ${person?.username} ${address} ${worker} ${transport}`
        .toLowerCase()
        .includes(text);
    const key = KEYS[this.#sort] ?? ((socket) => socket[this.#sort]);
    return this.#sockets.filter(has).toSorted((one, other) => compared(key(other), key(one)));
  }

  #find(text) {
    this.#search = text;
    this.draw();
  }

  #sortBy(column) {
    this.#sort = column;
    this.draw();
  }

  async #close(id, name) {
    const agreed = await confirm({
      title: WORDS.closeTitle(name),
      text: WORDS.closeText,
      agree: WORDS.close,
      decline: WORDS.keep,
    });
    if (!agreed) return;
    const answer = await change("POST", `/boards/sockets/${encodeURIComponent(id)}/close`);
    if (isDone(answer)) this.#sockets = this.#sockets.filter((socket) => socket.id !== id);
    this.#words = isDone(answer) ? "" : answer.body?.error?.detail || WORDS.failed;
    this.#panel.say(isDone(answer) ? WORDS.closed(name) : this.#words);
    this.draw();
  }
}

const KEYS = {
  person: ({ person }) => person?.name ?? "",
  since: ({ since }) => -since,
  topics: ({ topics }) => topics.length,
};

function compared(one, other) {
  if (typeof one === "string") return other.localeCompare(one);
  return (one ?? -1) - (other ?? -1);
}
