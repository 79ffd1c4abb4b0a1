import { html, render } from "lit-html";
import { begunMention, isWhole, suggestCrowds, suggestPeople } from "#chat/mention-model";
import { WORDS } from "#chat/mention-words";
import { isComposing } from "#lib/keyboard";
import { announce } from "#lib/notices";
import { avatar, icon, when } from "#lib/parts";

/** The server is asked for people of other rooms this long after the last letter. */
const CALM = 150;

/** Offers people to mention in the composer, from the first `@` on. */
export function offerMentions(composer, desk) {
  new MentionList(composer, desk).look();
}

/**
 * The list above the composer. The focus stays in the text, which is told what is chosen by `aria-activedescendant`; it
 * remains a text box by its role, because a text of several lines may not be a combobox.
 */
class MentionList {
  #area;
  #desk;
  #list = document.createElement("ul");
  #begun = null;
  #dismissed = -1;
  #offered = [];
  #others = [];
  #active = 0;
  #timer;

  constructor(composer, desk) {
    this.#area = composer.area;
    this.#desk = desk;
    Object.assign(this.#list, { id: "mention-list", className: "menu mentions", hidden: true });
    this.#list.setAttribute("role", "listbox");
    this.#list.setAttribute("aria-label", WORDS.whom);
    this.#area.before(this.#list);
    this.#area.setAttribute("aria-autocomplete", "list");
    // Before the composer, for which Enter and the arrows mean something else.
    composer.addEventListener("keydown", (event) => this.#key(event), true);
    document.addEventListener("selectionchange", () => this.look());
    this.#area.addEventListener("input", () => this.look());
    this.#area.addEventListener("blur", () => this.#close());
    // The focus stays in the text.
    this.#list.addEventListener("pointerdown", (event) => event.preventDefault());
  }

  /** Offers what fits the text as it is now. */
  look() {
    const { activeElement } = document;
    const { value, selectionStart, selectionEnd } = this.#area;
    const isTyped = activeElement === this.#area && selectionStart === selectionEnd;
    const begun = isTyped ? begunMention(value, selectionStart) : null;
    if (begun?.start !== this.#dismissed) this.#dismissed = -1;
    if (!begun || begun.start === this.#dismissed) return this.#close();
    if (begun.start === this.#begun?.start && begun.typed === this.#begun.typed) return;
    this.#begun = begun;
    this.#active = 0;
    this.#offer();
    clearTimeout(this.#timer);
    if (begun.typed) this.#timer = setTimeout(() => this.#findOthers(begun.typed), CALM);
  }

  // An answer to what is no longer typed is of no use.
  async #findOthers(text) {
    const { ok } = await this.#desk.command("member.find", { text });
    if (text !== this.#begun?.typed) return;
    this.#others = ok?.people ?? [];
    this.#offer();
  }

  #offer() {
    const { members, timeline } = this.#desk.current;
    const before = this.#offered.length;
    const { typed } = this.#begun;
    const people = suggestPeople(typed, {
      members,
      others: this.#others,
      spoke: timeline.rows.map(({ author }) => author.id),
      person: this.#desk.person.id,
    });
    this.#offered = [...people, ...suggestCrowds(typed)];
    if (this.#offered.length > 0 && this.#offered.length !== before)
      announce(WORDS.found(this.#offered.length));
    this.#draw();
  }

  #close() {
    if (!this.#begun) return;
    clearTimeout(this.#timer);
    this.#begun = null;
    this.#offered = [];
    this.#others = [];
    this.#draw();
  }

  #draw() {
    const isOpen = this.#offered.length > 0;
    render(
      this.#offered.map((one, place) => this.#option(one, place)),
      this.#list,
    );
    this.#list.hidden = !isOpen;
    this.#point("aria-controls", isOpen && this.#list.id);
    this.#point("aria-activedescendant", isOpen && `mention-${this.#active}`);
    this.#list.querySelector(".is-active")?.scrollIntoView({ block: "nearest" });
  }

  #point(name, id) {
    if (id) this.#area.setAttribute(name, id);
    else this.#area.removeAttribute(name);
  }

  #option(one, place) {
    const isActive = place === this.#active;
    return html`<li
      role="option" id="mention-${place}" class="switcher-row ${isActive ? "is-active" : ""}" aria-selected=${isActive}
      @click=${() => this.#take(one)}
    >
      ${one.isCrowd ? icon("users") : avatar(one, "small")}
      <span class="rail-name">${one.isCrowd ? WORDS[one.username] : one.name} <span class="quiet">@${one.username}</span></span>
      ${when(!one.isHere, () => html`<span class="quiet">${WORDS.notHere}</span>`)}
    </li>`;
  }

  #key(event) {
    if (this.#offered.length === 0 || isComposing(event) || event.target !== this.#area) return;
    const action = this.#actionOf(event);
    if (!action) return;
    event.preventDefault();
    event.stopPropagation();
    action();
  }

  #actionOf({ key, shiftKey, altKey, ctrlKey, metaKey }) {
    if (shiftKey || altKey || ctrlKey || metaKey) return null;
    const chosen = this.#offered[this.#active];
    // What is whole already is sent.
    if (key === "Enter" && isWhole(this.#begun.typed, chosen)) return null;
    if (key === "Enter" || key === "Tab") return () => this.#take(chosen);
    if (key === "Escape") return () => this.#dismiss();
    const step = { ArrowDown: 1, ArrowUp: -1 }[key];
    return step && (() => this.#move(step));
  }

  #move(step) {
    const { length } = this.#offered;
    this.#active = (this.#active + step + length) % length;
    this.#draw();
  }

  #dismiss() {
    this.#dismissed = this.#begun.start;
    this.#close();
  }

  #take({ username }) {
    const { start } = this.#begun;
    this.#close();
    this.#area.setRangeText(`@${username} `, start, this.#area.selectionStart, "end");
    this.#area.dispatchEvent(new Event("input", { bubbles: true }));
  }
}
