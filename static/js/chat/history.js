/** Loads what lies before and after the window as the reader comes near its edges, one page at a time. */
export class History {
  #timeline;
  #io;
  #isLoading = false;
  #edges = new Map();

  constructor(timeline, io) {
    this.#timeline = timeline;
    this.#io = io;
  }

  /** Watches the edges of the view that is shown now. */
  watch() {
    const observer = new IntersectionObserver((entries) => this.#seen(entries), {
      root: this.#timeline.view,
      rootMargin: "600px 0px",
    });
    observer.observe(this.#timeline.querySelector(".timeline-head"));
    observer.observe(this.#timeline.querySelector(".timeline-foot"));
  }

  /** Looks again: an edge that stays in view is not reported twice. */
  async check() {
    if (this.#isLoading) return;
    this.#isLoading = true;
    while (await this.#step());
    this.#isLoading = false;
  }

  #seen(entries) {
    for (const { target, isIntersecting } of entries) {
      this.#edges.set(
        target.classList.contains("timeline-head") ? "older" : "newer",
        isIntersecting,
      );
    }
    this.check();
  }

  // Without frames the edges are not known: a page in the background would load all there is.
  async #step() {
    if (document.hidden) return false;
    const { timeline } = this.#timeline.room;
    if (this.#edges.get("older") && timeline.hasOlder) return this.#older(timeline);
    if (this.#edges.get("newer") && timeline.hasNewer) return this.#newer(timeline);
    return false;
  }

  async #older(timeline) {
    const seq = timeline.first?.seq ?? 0;
    return this.#page({ before: seq }, (page) => timeline.addOlder(page, seq));
  }

  async #newer(timeline) {
    const seq = timeline.last?.seq ?? 0;
    return this.#page({ after: seq }, (page) => timeline.addNewer(page, seq));
  }

  // The next step waits for a frame, so that the edges are known again before they are judged.
  async #page(query, add) {
    const { state } = await this.#io.history(this.#timeline.room.id, query);
    if (!state) return false;
    add(state);
    this.#timeline.changed();
    await new Promise((resolve) => setTimeout(resolve, 80));
    return true;
  }
}
