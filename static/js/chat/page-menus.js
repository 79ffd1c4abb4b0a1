import { help, jump } from "#chat/page-keys";
import { WORDS } from "#chat/words";
import { fillInitials, placeMenus } from "#lib/menu";
import { guardSignOut } from "#lib/sign-out";
import { themeSwitch } from "#lib/theme";

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
