// A room on `ws` and Redis: what anybody says goes through Redis to everybody in every process.

import Redis from "ioredis";
import { WebSocketServer } from "ws";

const [port, redis] = process.argv.slice(2);
const publisher = new Redis(redis);
const subscriber = new Redis(redis);
await subscriber.subscribe("room");

const server = new WebSocketServer({ host: "127.0.0.1", port: Number(port), backlog: 4096 });
server.on("connection", (socket) => {
  socket.on("message", (text) => publisher.publish("room", text.toString()));
});
subscriber.on("message", (_channel, text) => {
  const frame = Buffer.from(text);
  for (const socket of server.clients) socket.send(frame, { binary: false });
});
