/** As much of localStorage as the page uses, for tests. */
export function fakeStorage() {
  const storage = Object.create({
    getItem: (name) => storage[name] ?? null,
    setItem: (name, value) => {
      storage[name] = value;
    },
    removeItem: (name) => delete storage[name],
  });
  Object.defineProperty(globalThis, "localStorage", { value: storage, configurable: true });
  return storage;
}
