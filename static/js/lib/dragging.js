/** A finger that rests this long picks a row up; one that moves before that scrolls. */
const REST = 400;

/** A mouse that has moved this far drags, less is a click. */
const SLACK = 6;

/**
 * Lets the rows of a list be dragged by mouse, pen or finger. `rows()` gives them as they stand; `dropped(row, beside,
 * isAfter)` is told where one was let go. Escape gives up.
 */
export class Dragging {
  #place;
  #rows;
  #dropped;
  #line = document.createElement("div");
  #row = null;
  #start = null;
  #target = null;
  #hasDragged = false;
  #timer;

  constructor(place, { rows, dropped }) {
    this.#place = place;
    this.#rows = rows;
    this.#dropped = dropped;
    this.#line.className = "drop-line";
    place.addEventListener("pointerdown", (event) => this.#press(event));
    // Only a listener that may prevent it keeps the page from scrolling under a finger that drags.
    place.addEventListener("touchmove", (event) => this.#row && event.preventDefault(), {
      passive: false,
    });
    place.addEventListener("contextmenu", (event) => this.#isTouch && event.preventDefault());
    place.addEventListener("click", (event) => this.#click(event), { capture: true });
    const on = (type, listener) => window.addEventListener(type, listener, { capture: true });
    on("pointermove", (event) => this.#move(event));
    on("pointerup", () => this.#end(true));
    on("pointercancel", () => this.#end(false));
    on("keydown", (event) => event.key === "Escape" && this.#row && this.#give(event));
  }

  get #isTouch() {
    return this.#start?.type === "touch";
  }

  #press({ target, button, clientX, clientY, pointerType }) {
    const row = this.#rows().find((one) => one.contains(target));
    this.#hasDragged = false;
    if (!row || button !== 0) return;
    this.#start = { row, x: clientX, y: clientY, type: pointerType };
    if (pointerType === "touch") this.#timer = setTimeout(() => this.#take(), REST);
  }

  #move({ clientX, clientY }) {
    if (!this.#start) return;
    const isFar = Math.hypot(clientX - this.#start.x, clientY - this.#start.y) > SLACK;
    if (this.#row) this.#aim(clientY);
    else if (isFar && this.#isTouch) this.#end(false);
    else if (isFar) this.#take();
  }

  #take() {
    this.#row = this.#start.row;
    this.#row.classList.add("is-dragged");
    this.#place.append(this.#line);
    this.#line.hidden = true;
  }

  #aim(y) {
    const rows = this.#rows();
    const boxes = rows.map((row) => row.getBoundingClientRect());
    const distance = (box) => Math.abs((box.top + box.bottom) / 2 - y);
    const box = boxes.reduce((best, one) => (distance(one) < distance(best) ? one : best));
    const isAfter = y > (box.top + box.bottom) / 2;
    this.#target = { beside: rows[boxes.indexOf(box)], isAfter };
    this.#draw(box, isAfter);
  }

  #draw(box, isAfter) {
    this.#line.hidden = false;
    this.#line.style.inlineSize = `${box.width}px`;
    this.#line.style.left = `${box.left}px`;
    this.#line.style.top = `${isAfter ? box.bottom : box.top}px`;
  }

  #give(event) {
    event.preventDefault();
    event.stopPropagation();
    this.#end(false);
  }

  #end(isDrop) {
    clearTimeout(this.#timer);
    const [row, target] = [this.#row, this.#target];
    this.#row = this.#start = this.#target = null;
    if (!row) return;
    row.classList.remove("is-dragged");
    this.#line.remove();
    this.#hasDragged = true;
    if (isDrop && target) this.#dropped(row, target.beside, target.isAfter);
  }

  // The click that follows a drag is not one.
  #click(event) {
    if (!this.#hasDragged) return;
    this.#hasDragged = false;
    event.preventDefault();
    event.stopPropagation();
  }
}
