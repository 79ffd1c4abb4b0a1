/** Messages by one person within this long of each other stand under one name. */
const TOGETHER = 5 * 60_000;

/**
 * What a timeline draws, in order: `{type: "day" | "unread" | "message" | "pending", key, …}`. `readSeq` is where the
 * reader had come to when the room was opened, or null; `dayOf` names the day of a time in the reader's zone.
 */
export function timelineItems(model, { readSeq, person, dayOf }) {
  const items = [];
  const divider = dividerSeq(model, readSeq, person.id);
  let previous = null;
  for (const row of model.rows) {
    previous = separate(items, previous, row, dayOf);
    if (row.seq === divider) {
      items.push({ type: "unread", key: "unread" });
      previous = null;
    }
    items.push({ type: "message", key: row.id, row, isFirst: !isTogether(previous, row) });
    previous = row;
  }
  for (const post of model.pending) {
    const row = { ...post, author: person };
    previous = separate(items, previous, row, dayOf);
    items.push({ type: "pending", key: post.client_id, post, isFirst: !isTogether(previous, row) });
    previous = row;
  }
  return items;
}

function separate(items, previous, row, dayOf) {
  const day = dayOf(row.created);
  if (previous && dayOf(previous.created) === day) return previous;
  items.push({ type: "day", key: `day ${row.id ?? row.client_id}`, created: row.created });
  return null;
}

function isTogether(previous, row) {
  return (
    previous !== null &&
    previous.author.id === row.author.id &&
    (previous.via ?? "") === (row.via ?? "") &&
    Math.abs(Date.parse(row.created) - Date.parse(previous.created)) < TOGETHER
  );
}

// Above the first message of somebody else's behind the marker; nowhere, if that place may be further up than is loaded.
function dividerSeq(model, readSeq, personId) {
  if (readSeq === null || model.rows.length === 0) return null;
  if (model.hasOlder && model.first.seq > readSeq) return null;
  return model.rows.find((row) => row.seq > readSeq && row.author.id !== personId)?.seq ?? null;
}
