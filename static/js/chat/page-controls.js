import { bindKeys } from "#chat/shortcuts";
import { neighbour, walkMessages, walkPanes } from "#chat/walking";
import { fillInitials, placeMenus } from "#lib/menu";
import { guardSignOut } from "#lib/sign-out";
import { themeSwitch } from "#lib/theme";

/** What the shortcuts do on the chat page. */
export function pageKeys({ desk, timeline, composer, marker, changing }) {
  const step = (by, options) => () => {
    const rooms = desk.me.listed(desk.current.id);
    const id = neighbour(rooms, desk.current.id, by, options);
    if (id !== undefined) desk.open(id);
  };
  bindKeys({
    switch: () => jump(desk),
    previous: step(-1),
    next: step(1),
    previousUnread: step(-1, { unreadOnly: true }),
    nextUnread: step(1, { unreadOnly: true }),
    pane: () => walkPanes(panes(timeline, composer), 1),
    paneBack: () => walkPanes(panes(timeline, composer), -1),
    read: () => marker.mark(),
    readAll: () => arrange(desk, (arranging) => arranging.readAll()),
    moveUp: (event) => moveRoom(desk, event, -1),
    moveDown: (event) => moveRoom(desk, event, 1),
    help,
    down: () => walkMessages(timeline, 1),
    up: () => walkMessages(timeline, -1),
    edit: () => editFocused(timeline, changing),
  });
}

/** The dialog that jumps to a room. */
async function jump(desk) {
  const { openSwitcher } = await import("#chat/switcher");
  openSwitcher(desk.me.rooms, (id) => desk.open(id));
}

/** The list of shortcuts. */
async function help() {
  const { openHelp } = await import("#chat/help");
  openHelp();
}

function panes(timeline, composer) {
  const rail = document.querySelector(".rail");
  const openPane = document.querySelector(".pane");
  const list = [
    {
      root: rail,
      focus: () => (rail.querySelector("[aria-current=page]") ?? rail.querySelector("a")).focus(),
    },
    { root: timeline, focus: () => timeline.view.focus() },
    composer.isOpen && { root: composer, focus: () => composer.focusText() },
    openPane && { root: openPane, focus: () => openPane.focus() },
  ];
  return list.filter((pane) => pane && !pane.root.inert);
}

function editFocused(timeline, changing) {
  const row = document.activeElement?.closest(".message[data-id]");
  const message = row && timeline.room.timeline.find(Number(row.dataset.id));
  if (!message || !changing.isOwn(message)) return false;
  changing.edit(message);
}

// In a field with text in it the same keys select.
function moveRoom(desk, { target }, by) {
  if (target.value) return false;
  arrange(desk, (arranging) => arranging.step(by));
}

let arranging;

/** Lets rooms be dragged from when a mouse comes near them. A finger comes unannounced, and must not scroll then. */
export function arrangeLater(desk) {
  const rail = document.querySelector("chat-rail");
  if (navigator.maxTouchPoints > 0) arrange(desk);
  else rail.addEventListener("pointerover", () => arrange(desk), { once: true });
}

/** Has the rooms of the rail arranged; what that needs is loaded once. */
async function arrange(desk, task = () => {}) {
  arranging ??= import("#chat/arranging").then(({ Arranging }) => new Arranging(desk));
  task(await arranging);
}

/** The menus and buttons around the timeline. */
export function pageMenus({ desk, changing }) {
  placeMenus();
  themeSwitch();
  fillInitials();
  guardSignOut();
  guardLeaving(document.querySelector("form.leave-form"), desk);
  serveButtons({
    jump: () => jump(desk),
    help,
    "copy-room": () => changing.copy(),
    members: async () => (await import("#chat/members")).openMembers(desk),
    add: async () => (await import("#chat/add-people")).openAddPeople(desk),
    notify: async () => (await import("#chat/room-notify")).openRoomNotify(desk),
    details: async () => (await import("#chat/room-details")).openRoomDetails(desk),
    favourite: () => arrange(desk, (arranging) => arranging.favour()),
    "read-all": () => arrange(desk, (arranging) => arranging.readAll()),
  });
  servePeople(desk);
}

function serveButtons(actions) {
  document.addEventListener("click", ({ target }) => {
    const button = target.closest?.("[data-do]");
    actions[button?.dataset.do]?.();
  });
}

/** Wherever somebody is named or pictured, they can be looked at. */
function servePeople(desk) {
  document.addEventListener("click", async ({ target }) => {
    const named = target.closest?.("[data-person]:not(form)");
    const person = named && desk.personOf(Number(named.dataset.person));
    if (!person) return;
    const { openProfile } = await import("#chat/profile");
    openProfile(desk, person);
  });
}

function guardLeaving(form, desk) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const { confirm } = await import("#lib/dialog");
    const { leaving } = await import("#chat/room-words");
    if (await confirm(leaving(desk.current.title))) form.submit();
  });
}
