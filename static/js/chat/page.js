import "#chat/rail";
import "#chat/timeline";
import { Me } from "#chat/me";
import { Room } from "#chat/room";

/** The chat page: what can be read is drawn first, what makes it live comes after the first paint. */
const state = JSON.parse(document.querySelector("#state").textContent);
const me = new Me(state.me);
const room = new Room(Number(state.room.topic.split(":")[1]), state.room);

document.querySelector("chat-rail").show(me.listed(room.id), room.id);
document
  .querySelector("chat-timeline")
  .show(room, { person: state.person, readSeq: me.readSeq(room.id), at: state.at });
// In a tab in the background there is no paint to wait for.
const painted = document.hidden ? setTimeout : requestAnimationFrame;
painted(() => setTimeout(goLive));

async function goLive() {
  const { begin } = await import("#chat/chat-page");
  begin(state, me, room);
}
