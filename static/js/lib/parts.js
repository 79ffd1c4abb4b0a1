import { html, nothing } from "lit-html";
import { initials } from "#lib/initials";

const sprite = document.documentElement.dataset.icons;

/** A symbol of the sprite; always beside words, or on something that has a label. */
export function icon(name) {
  return html`<svg class="icon" aria-hidden="true"><use href="${sprite}#${name}"></use></svg>`;
}

/** A person's initials on their colour, with a dot where their `status` is known. Its meaning stands beside it in words. */
export function avatar(person, size = "") {
  return html`<span class="avatar ${size} palette-${person.color}" data-status=${person.status ?? nothing} aria-hidden="true">${initials(person.name)}</span>`;
}

/** The template, or nothing at all. */
export function when(condition, template) {
  return condition ? template() : nothing;
}
