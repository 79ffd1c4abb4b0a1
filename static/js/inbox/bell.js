import { Following } from "#inbox/following";

/** Keeps the bell's count as the server has it; what lies in the inbox is loaded when somebody looks. */
export function followBell(topics, socket) {
  const bell = document.querySelector(".bell");
  if (!bell) return;
  const { following } = new Bell(bell, topics, socket);
  keepPush(Number(bell.dataset.owner), following);
}

// Whoever has not turned pushes on in this browser loads nothing of them.
async function keepPush(person, following) {
  if (localStorage.getItem("push")) (await import("#push/keeping")).keepPush(person, following);
}

class Bell {
  #bell;
  #following;
  #socket;
  #latest = null;
  #toasts = null;

  constructor(bell, topics, socket) {
    this.#bell = bell;
    this.#socket = socket;
    const { unread, unseen, inbox, announcements } = bell.dataset;
    const counts = {
      unread: Number(unread),
      unseen: Number(unseen),
      inbox_rev: Number(inbox),
      announcements_rev: Number(announcements),
    };
    this.#following = new Following({ topics, socket, counts });
    this.#following.addEventListener("counts", () => this.#show());
    this.#following.addEventListener("came", ({ detail }) => this.#pointOut(detail));
    if (counts.unread > 0) this.#badge(counts.unread);
    bell.setAttribute("role", "button");
    bell.setAttribute("aria-haspopup", "dialog");
    bell.setAttribute("aria-expanded", "false");
    bell.addEventListener("click", (event) => this.#open(event));
    bell.addEventListener("keydown", (event) => event.key === " " && this.#open(event));
  }

  get following() {
    return this.#following;
  }

  #show() {
    const { unread } = this.#following;
    const place = this.#bell.querySelector(".bell-count");
    place.hidden = unread === 0;
    place.textContent = unread > 99 ? "99+" : unread;
    this.#badge(unread);
  }

  async #badge(unread) {
    (await import("#inbox/badge")).showBadge(unread);
  }

  // What shows notifications in passing is loaded with the first one; from then on it hears all.
  async #pointOut(rows) {
    if (!this.#toasts && !rows.some(({ seq, rev }) => seq === rev)) return;
    this.#toasts ??= import("#inbox/toasts").then(
      ({ ToastStack }) => new ToastStack(this.#bell, this.#following),
    );
    (await this.#toasts).apply(rows);
  }

  // A press that asks for another tab is the browser's: the bell is a link as well.
  async #open(event) {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button > 0) return;
    event.preventDefault();
    this.#latest ??= import("#inbox/latest").then(
      ({ Latest }) => new Latest(this.#bell, this.#following, this.#socket),
    );
    (await this.#latest).toggle();
  }
}
