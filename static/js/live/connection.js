import { Choice, KINDS, recall, remember } from "#live/choice";
import { Link } from "#live/link";
import { LiveSocket } from "#live/socket";
import { Banner, Status } from "#live/status";

const SPREAD = 5_000;

/**
 * Opens the page's one connection, keeps it, and shows how it is. `changed(phase)` hears of every new phase,
 * `built(build)` of the build of the server's pages.
 */
export function keepConnected({ topics, io, person, epoch, place, changed, built }) {
  const reconnect = () => socket.start();
  const choice = new Choice(recall(), io.wallClock());
  const banner = new Banner(place, {
    status: new Status(),
    clock: io.now,
    offers: { reconnect, reload: () => location.reload() },
  });
  const hooks = {
    phase: changes(
      () => socket.phase,
      (phase) => {
        banner.phase(phase, socket.reason);
        changed(phase);
      },
    ),
    hello: (data) => {
      built(data.build);
      return isAccepted(data, person, epoch);
    },
    answered: () => show(socket, choice, io),
    reload: () => reloadOnce(location.href),
    signIn: () => location.assign(`/accounts/login/?next=${encodeURIComponent(location.pathname)}`),
  };
  const socket = new LiveSocket({
    link: new Link(Math.random),
    choice,
    topics,
    epoch,
    hooks,
    io: { ...io, open: (kind) => io.open(kind, person) },
  });
  listen(socket);
  return socket;
}

let comingBack;

// What was found out is kept for the next page; who needs no other transport loads nothing for it.
async function show(socket, choice, io) {
  document.documentElement.dataset.transport = choice.kind;
  if (choice.kind !== recall()?.kind) remember(choice.kept);
  if (choice.kind === KINDS[0]) return;
  const { ComingBack } = await import("#live/coming-back");
  comingBack ??= new ComingBack(socket, choice, io);
  comingBack.plan();
}

function listen(socket) {
  window.addEventListener("online", () => socket.online());
  window.addEventListener("offline", () => socket.offline());
  document.addEventListener(
    "visibilitychange",
    () => document.visibilityState === "visible" && socket.visible(),
  );
  // A page that comes back from the browser's cache has a socket that died in it.
  window.addEventListener("pageshow", (event) => event.persisted && location.reload());
}

function changes(read, tell) {
  let last;
  return () => {
    const now = read();
    if (now !== last) tell(now);
    last = now;
  };
}

// Another person has signed in here, or the installation was restored: the page begins anew. Where a new page is of
// another epoch still, it goes on and loads the states.
function isAccepted(data, person, epoch) {
  if (data.person !== person) location.reload();
  else if (data.epoch === epoch || !reloadOnce(data.epoch, Math.random() * SPREAD)) return true;
  return false;
}

function reloadOnce(reason, wait = 0) {
  const key = `live.reloaded:${reason}`;
  if (sessionStorage.getItem(key)) return false;
  sessionStorage.setItem(key, "yes");
  setTimeout(() => location.reload(), wait);
  return true;
}
