/** A line whose modules are on their way; what is done with it meanwhile waits for them. */
export class LateLine {
  isEager = true;
  #line = null;
  #isClosed = false;

  constructor(loading) {
    loading.then(
      (open) => this.#isClosed || this.#begin(open()),
      () => this.#isClosed || this.onclose({ code: 1006 }),
    );
  }

  send(text) {
    this.#line?.send(text);
  }

  close() {
    this.#isClosed = true;
    this.#line?.close();
  }

  #begin(line) {
    this.#line = line;
    line.onmessage = (message) => this.onmessage(message);
    line.onclose = (close) => this.onclose(close);
    line.onwant = () => this.onwant();
    line.begin();
  }
}
