import { bindKeys } from "#chat/shortcuts";
import { neighbour, walkMessages, walkPanes } from "#chat/walking";
import { WORDS } from "#chat/words";
import { fillInitials, placeMenus } from "#lib/menu";
import { guardSignOut } from "#lib/sign-out";
import { themeSwitch } from "#lib/theme";

/** What the shortcuts do on the chat page. */
export function pageKeys({ desk, timeline, composer, marker, changing }) {
  const step = (by, options) => () => {
    const id = neighbour(desk.me.rooms, desk.current.id, by, options);
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
    { root: composer, focus: () => composer.focusText() },
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

/** The menus and buttons around the timeline. */
export function pageMenus({ desk, changing }) {
  placeMenus();
  themeSwitch();
  fillInitials();
  onClick("[data-do=jump]", () => jump(desk));
  onClick("[data-do=help]", help);
  onClick("[data-do=copy-room]", () => changing.copy());
  onClick("[data-do=members]", () => members(desk));
  guardSignOut();
  guardLeaving(document.querySelector("form.leave-form"), desk);
}

function onClick(selector, action) {
  for (const button of document.querySelectorAll(selector))
    button.addEventListener("click", action);
}

async function members(desk) {
  const { showMembers } = await import("#chat/members");
  showMembers(desk.current);
}

function guardLeaving(form, desk) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const { confirm } = await import("#lib/dialog");
    const { title } = desk.current;
    const words = {
      title: WORDS.leaveTitle(title),
      text: WORDS.leaveText,
      agree: WORDS.leave,
      decline: WORDS.stay,
    };
    if (await confirm(words)) form.submit();
  });
}
