import { fillInitials, placeMenus } from "#lib/menu";
import { guardSignOut } from "#lib/sign-out";
import { themeSwitch } from "#lib/theme";

/** Every page that is not the chat. */
placeMenus();
const menu = document.querySelector("#user-menu");
if (menu) themeSwitch(menu);
fillInitials();
guardSignOut();
openDrawer();

async function openDrawer() {
  const shell = document.querySelector(".shell");
  if (!shell) return;
  const { Drawer } = await import("#lib/drawer");
  new Drawer(shell);
}
