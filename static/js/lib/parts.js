import { html, nothing } from "lit-html";
import { initials } from "#lib/initials";

const sprite = document.documentElement.dataset.icons;

/** A symbol of the sprite; always beside words, or on something that has a label. */
export function icon(name) {
  return html`<svg class="icon" aria-hidden="true"><use href="${sprite}#${name}"></use></svg>`;
}

/** A person's picture, or initials on their colour, with a dot where their `status` is known. What it means stands beside it in words. */
export function avatar(person, size = "") {
  return html`<span class="avatar ${size} palette-${person.color}" data-status=${person.status ?? nothing} aria-hidden="true">${initials(person.name)}${when(person.picture, () => picture(person.picture))}</span>`;
}

// One that was replaced a moment ago is gone: the initials are beneath it.
function picture(version) {
  return html`<img src="/people/pictures/${version}.webp" alt="" width="256" height="256" loading="lazy" decoding="async" draggable="false" @error=${showPicture} @load=${showPicture} />`;
}

function showPicture({ type, target }) {
  target.classList.toggle("is-missing", type === "error");
}

/** The template, or nothing at all. */
export function when(condition, template) {
  return condition ? template() : nothing;
}
