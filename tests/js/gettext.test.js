import assert from "node:assert/strict";
import { test } from "node:test";
import { gettext, ngettext } from "#lib/gettext";

// The same module once more, as a page with a catalogue has it.
globalThis.django = {
  gettext: (text) => ({ "Leave %(room)s?": "%(room)s verlassen?" })[text] ?? text,
  ngettext: (_one, _many, number) => (number === 1 ? "%(number)s Raum" : "%(number)s Räume"),
};
const german = await import(`${import.meta.resolve("#lib/gettext")}?german`);
delete globalThis.django;

test("Without a catalogue the text in the source is the text", () => {
  assert.equal(gettext("Leave %(room)s?", { room: "ops" }), "Leave ops?");
  assert.equal(gettext("100% %(unknown"), "100% %(unknown");
  assert.equal(ngettext("%(number)s room", "%(number)s rooms", 1), "1 room");
});

test("Figures are grouped as the reader groups them", () => {
  assert.equal(
    ngettext("%(number)s room", "%(number)s rooms", 12_345),
    `${(12_345).toLocaleString()} rooms`,
  );
});

test("With one, texts and the forms of numbers are the catalogue's", () => {
  assert.equal(german.gettext("Leave %(room)s?", { room: "ops" }), "ops verlassen?");
  assert.equal(german.gettext("Stay"), "Stay");
  assert.equal(german.ngettext("", "", 1), "1 Raum");
  assert.equal(german.ngettext("", "", 0), "0 Räume");
});

test("What a person is called is taken as it is", () => {
  assert.equal(gettext("Hello %(name)s", { name: "$& %(name)s" }), "Hello $& %(name)s");
});
