import { html, nothing, render } from "lit-html";
import { icon } from "#lib/parts";

const GAP = 6;

/**
 * Opens a menu beside the button that asked for it. `entries`: `{icon, text, act}` for what is done, `{icon, text, href, download}` for what
 * is fetched, `{line: true}` between them; `isOn` for one that is chosen.
 */
export function openMenu(button, entries) {
  const menu = document.createElement("div");
  menu.className = "menu";
  menu.popover = "auto";
  render(
    entries.map((entry) => row(entry, menu)),
    menu,
  );
  // Within a landmark of the page, as is the button.
  (button.closest("main") ?? document.body).append(menu);
  menu.addEventListener("keydown", (event) => move(menu, event));
  menu.addEventListener("toggle", ({ newState }) => {
    if (newState === "open") return;
    button.setAttribute("aria-expanded", "false");
    const had = menu.contains(document.activeElement) || document.activeElement === document.body;
    menu.remove();
    if (had && button.isConnected) button.focus({ preventScroll: true });
  });
  button.setAttribute("aria-expanded", "true");
  menu.showPopover({ source: button });
  place(menu, button);
  rows(menu)[0]?.focus();
}

function row(entry, menu) {
  if (!entry) return nothing;
  const { text, act, href, download, isOn, isBad } = entry;
  if (entry.line) return html`<hr class="menu-line" />`;
  const close = () => menu.hidePopover();
  const content = html`${entry.icon ?? nothing}${text}${isOn ? html`<span class="menu-check">${icon("check")}</span>` : nothing}`;
  if (href)
    return html`<a class="menu-row" href=${href} download=${download ?? nothing} @click=${close}>${content}</a>`;
  const press = () => {
    close();
    act();
  };
  return html`<button type="button" class="menu-row ${isBad ? "is-bad" : ""}" aria-pressed=${isOn ?? nothing} @click=${press}>${content}</button>`;
}

function place(menu, button) {
  const box = button.getBoundingClientRect();
  const { offsetHeight: height, offsetWidth: width } = menu;
  const below = box.bottom + GAP;
  const top = below + height > innerHeight ? Math.max(8, box.top - GAP - height) : below;
  menu.style.insetBlockStart = `${top}px`;
  menu.style.left = `${Math.max(8, Math.min(innerWidth - width - 8, box.right - width))}px`;
}

function rows(menu) {
  return [...menu.querySelectorAll("a, button")];
}

function move(menu, event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const all = rows(menu);
  all.at((all.indexOf(document.activeElement) + step) % all.length).focus();
}
