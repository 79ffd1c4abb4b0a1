import { initials } from "#lib/initials";

const GAP = 6;

/** Puts every menu beside the button that opens it, whichever edge of the window is near. */
export function placeMenus(root = document) {
  for (const menu of root.querySelectorAll(".menu[popover]")) {
    menu.addEventListener("beforetoggle", ({ newState }) => newState === "open" && place(menu));
    menu.addEventListener(
      "toggle",
      ({ newState }) =>
        newState === "open" &&
        itemsOf(menu)
          .find((item) => item.matches("a, button"))
          ?.focus(),
    );
    menu.addEventListener("keydown", (event) => move(menu, event));
    menu.addEventListener(
      "click",
      ({ target }) => target.closest("[data-closes]") && menu.hidePopover(),
    );
  }
}

/** Puts a person's initials on the avatars that came with the page. */
export function fillInitials(root = document) {
  for (const avatar of root.querySelectorAll(".avatar[data-name]"))
    avatar.textContent = initials(avatar.dataset.name);
}

function place(menu) {
  const button = document.querySelector(`[popovertarget="${menu.id}"]`).getBoundingClientRect();
  const isLeft = button.left + button.right < window.innerWidth;
  menu.style.insetBlockStart = `${button.bottom + GAP}px`;
  menu.style.insetInlineStart = isLeft ? `${Math.max(8, button.left)}px` : "auto";
  menu.style.insetInlineEnd = isLeft
    ? "auto"
    : `${Math.max(8, window.innerWidth - button.right)}px`;
}

// What a person may not do has no place in the order.
function itemsOf(menu) {
  const items = [...menu.querySelectorAll("a, button, input:checked")];
  return items.filter((item) => !item.hidden);
}

function move(menu, event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const items = itemsOf(menu);
  const place = items.indexOf(document.activeElement);
  items.at((place + step) % items.length).focus();
}
