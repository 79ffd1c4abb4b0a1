/** As much of IndexedDB as the page uses, for tests. `database.refusals` is how many of the next accesses fail. */
export function fakeDatabase() {
  const database = { refusals: 0, stored: new Map() };
  globalThis.indexedDB = {
    open: () => request(() => ({ transaction: () => transaction(database) })),
  };
  return database;
}

function transaction(database) {
  if (database.refusals > 0) {
    database.refusals -= 1;
    throw new DOMException("The database connection is closing.", "InvalidStateError");
  }
  const { stored } = database;
  const open = {};
  const store = {
    transaction: open,
    get: (key) => request(() => structuredClone(stored.get(key))),
    getAllKeys: () => request(() => [...stored.keys()]),
    put: (value, key) => complete(open, () => stored.set(key, structuredClone(value))),
    delete: (key) => complete(open, () => stored.delete(key)),
  };
  return { objectStore: () => store };
}

function request(read) {
  const asked = {};
  setImmediate(() => {
    asked.result = read();
    asked.onsuccess?.();
  });
  return asked;
}

function complete(open, change) {
  change();
  setImmediate(() => open.oncomplete?.());
}
