/** On a narrow window the rail is a drawer: opened by its button, closed by Escape, by the veil or by choosing a room. */
export class Drawer {
  #shell;
  #rail;
  #button;
  #narrow = matchMedia("(max-width: 767px)");

  constructor(shell) {
    this.#shell = shell;
    this.#rail = shell.querySelector(".rail");
    this.#button = shell.querySelector(".drawer-button");
    this.#button.addEventListener("click", () => this.toggle(!this.isOpen));
    shell.querySelector(".veil").addEventListener("click", () => this.toggle(false));
    shell.addEventListener("keydown", (event) => event.key === "Escape" && this.#escape(event));
    this.#narrow.addEventListener("change", () => this.#apply(false));
    this.#apply(false);
  }

  get isOpen() {
    return this.#shell.dataset.drawer === "open";
  }

  toggle(isOpen) {
    if (!this.#narrow.matches || isOpen === this.isOpen) return;
    this.#apply(isOpen);
    if (isOpen) this.#rail.querySelector("a, button")?.focus();
    else this.#button.focus();
  }

  #escape(event) {
    if (!this.isOpen) return;
    event.stopPropagation();
    this.toggle(false);
  }

  // What slides out of sight is out of reach for the keyboard and for screen readers as well.
  #apply(isOpen) {
    this.#shell.dataset.drawer = isOpen ? "open" : "closed";
    this.#rail.inert = this.#narrow.matches && !isOpen;
    this.#button.setAttribute("aria-expanded", String(isOpen));
    for (const part of this.#shell.querySelectorAll(".main, .pane"))
      part.inert = this.#narrow.matches && isOpen;
  }
}
