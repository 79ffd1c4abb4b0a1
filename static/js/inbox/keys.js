import { tinykeys } from "tinykeys";
import { isComposing, isWriting } from "#lib/keyboard";
import { lettersAreOn } from "#lib/letters";

/** What single letters do on the page of the inbox; Enter opens what has the focus, as any link. */
export function inboxKeys(list, acting) {
  const actions = {
    j: () => list.step(1),
    k: () => list.step(-1),
    x: () => list.toggle(),
    r: () => list.reply(),
    e: () => list.act("archive"),
    u: () => list.turn(),
    b: () => list.snooze(),
    m: () => list.mute(),
    z: () => acting.undo(),
    "#": () => list.act("delete"),
    "Shift+#": () => list.act("delete"),
  };
  const bound = Object.entries(actions).map(([keys, action]) => [
    keys,
    (event) => isForUs(event) && run(event, action),
  ]);
  tinykeys(window, Object.fromEntries(bound));
}

// In a box that is ticked letters are no text.
function isForUs(event) {
  const isText = isWriting(event.target) && event.target.type !== "checkbox";
  const isCovered = document.querySelector("dialog[open], [popover]:popover-open");
  return !event.defaultPrevented && !isComposing(event) && !isText && !isCovered && lettersAreOn();
}

function run(event, action) {
  event.preventDefault();
  action();
}
