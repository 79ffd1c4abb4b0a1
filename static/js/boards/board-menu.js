import { change, isDone } from "#boards/requests";
import { WORDS } from "#boards/words";
import { confirm } from "#lib/dialog";
import { toast } from "#lib/notices";
import { icon } from "#lib/parts";

/** What the menu of a board offers; each entry says aloud when it could not be done. */
export function boardEntries({ board, definition, go, build }) {
  const { slug, title, starred, may_edit: mayEdit, built_in: isBuiltIn } = definition;
  const path = `/boards/${slug}/`;
  return [
    mayEdit && { icon: icon("pencil"), text: WORDS.edit, act: build },
    {
      icon: starred ? icon("star-off") : icon("star"),
      text: starred ? WORDS.unstar : WORDS.star,
      act: () =>
        done(change("POST", `${path}star`, { starred: !starred }), () => location.reload()),
    },
    {
      icon: icon("copy"),
      text: WORDS.duplicate,
      act: () =>
        done(change("POST", `${path}duplicate`, {}), ({ slug: copy }) =>
          location.assign(`/boards/${copy}/`),
        ),
    },
    mayEdit &&
      !isBuiltIn && {
        icon: icon("share-2"),
        text: WORDS.share,
        act: async () => (await import("#boards/sharing")).share(definition),
      },
    { icon: icon("braces"), text: WORDS.copyJson, act: () => copy(definition) },
    {
      icon: icon("maximize"),
      text: WORDS.kiosk,
      act: () => go({ ...board.view, kiosk: true }),
    },
    mayEdit && !isBuiltIn && { line: true },
    mayEdit &&
      !isBuiltIn && {
        icon: icon("trash-2"),
        text: WORDS.deleteBoard,
        isBad: true,
        act: () => remove(path, title),
      },
  ];
}

async function remove(path, title) {
  const agreed = await confirm({
    title: WORDS.deleteTitle(title),
    text: WORDS.deleteText,
    agree: WORDS.delete,
    decline: WORDS.keep,
  });
  if (agreed) done(change("DELETE", path), () => location.assign("/boards/"));
}

async function copy({ title, panels }) {
  await navigator.clipboard.writeText(JSON.stringify({ title, panels }, null, 2));
  toast(WORDS.copied);
}

async function done(asked, then) {
  const answer = await asked;
  if (isDone(answer)) then(answer.body);
  else toast(answer.body?.error?.detail || WORDS.failedAct);
}
