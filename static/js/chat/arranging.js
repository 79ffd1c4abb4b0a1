import { place, standing, step } from "#chat/rail-order";
import { Dragging } from "#lib/dragging";
import { announce, toast } from "#lib/notices";

/** The person's own order of their rooms: moved by pointer and by keyboard, favourites, everything read. */
export class Arranging {
  #desk;

  constructor(desk) {
    this.#desk = desk;
    const rail = document.querySelector("chat-rail");
    new Dragging(rail, {
      rows: () => [...rail.querySelectorAll("[data-room]")],
      dropped: (row, beside, isAfter) =>
        this.#move(
          roomOf(row),
          place(this.#rooms, roomOf(row), { beside: roomOf(beside), isAfter }),
        ),
    });
    rail.dataset.movable = "yes";
  }

  /** One step up or down: the room that has the focus in the rail, else the one that is open. */
  step(by) {
    const row = document.activeElement?.closest("[data-room]");
    const id = row ? roomOf(row) : this.#desk.current.id;
    this.#move(id, step(this.#rooms, id, by));
    // The row was put elsewhere, and may have lost the focus on its way.
    if (row) document.querySelector(`[data-room="${id}"]`)?.focus();
  }

  async favour(room = this.#desk.current) {
    const favourite = !this.#desk.me.membership(room.id)?.favourite;
    const { error } = await this.#desk.own("room.favourite", { room: room.id, favourite });
    if (error) return refuse(error);
    const WORDS = await words();
    toast(favourite ? WORDS.madeFavourite(room.name) : WORDS.noFavourite(room.name));
  }

  async readAll() {
    const { error } = await this.#desk.own("rooms.read", {});
    if (error) refuse(error);
    else toast((await words()).allRead);
  }

  get #rooms() {
    return this.#desk.me.rooms;
  }

  // Drawn at once, said to the server, and taken back if it will not have it.
  async #move(id, moved) {
    if (!moved) return;
    const { me } = this.#desk;
    const wasFavourite = me.membership(id).favourite;
    const undo = me.arrange(moved.order);
    this.#desk.rearranged();
    this.#announce(id);
    const results = [await this.#desk.own("rooms.order", { rooms: moved.order })];
    if (moved.favourite !== wasFavourite)
      results.push(
        await this.#desk.own("room.favourite", { room: id, favourite: moved.favourite }),
      );
    const refused = results.find(({ error }) => error);
    if (!refused) return;
    undo();
    this.#desk.rearranged();
    refuse(refused.error);
  }

  async #announce(id) {
    const rooms = this.#desk.me.listed(this.#desk.current.id);
    const room = rooms.find((one) => one.id === id);
    const { place: at, of } = standing(rooms, id);
    announce((await words()).placed(room.name, at, of));
  }
}

// Every page can arrange its rooms; the words for it are loaded when somebody does.
async function words() {
  return (await import("#chat/room-words")).WORDS;
}

async function refuse(error) {
  const { refusalWords } = await import("#chat/refusals");
  toast(refusalWords(error));
}

function roomOf(row) {
  return Number(row.dataset.room);
}
