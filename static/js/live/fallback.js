import { OneWayLine } from "#live/one-way";
import { poll, post } from "#live/requests";
import { Seat } from "#live/seat";
import { EventsSource, PollingSource } from "#live/sources";
import { Stream } from "#live/stream";

const SOURCES = {
  events: (description, hooks) => new EventsSource(description, hooks),
  polling: (description, hooks) => new PollingSource(description, hooks, poll),
};

/** A line of a transport that is no WebSocket, for a page of this person. */
export function open(kind, person) {
  const stream = () => new Stream({ describe, open: SOURCES[kind] });
  return new OneWayLine(canShare() ? seat(kind, person, stream) : stream(), post);
}

// Locks are there on secure origins only. Elsewhere each tab has a stream of its own, of which HTTP/1.1 allows six.
function canShare() {
  return Boolean(navigator.locks) && "BroadcastChannel" in window;
}

// The number is that of what tabs say to each other: those of another build may say something else.
function seat(kind, person, stream) {
  const channel = (name) => new BroadcastChannel(name);
  return new Seat(`live:1:${kind}:${person}`, { locks: navigator.locks, channel, stream });
}

function describe(topics, epoch) {
  return post("/live/streams", { topics, epoch });
}
