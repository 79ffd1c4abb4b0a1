// A room on Socket.IO with its Redis adapter, WebSocket only.

import { createServer } from "node:http";
import { createAdapter } from "@socket.io/redis-adapter";
import Redis from "ioredis";
import { Server } from "socket.io";

const [port, redis] = process.argv.slice(2);
const adapter = createAdapter(new Redis(redis), new Redis(redis));
const http = createServer();
const server = new Server(http, {
  adapter,
  transports: ["websocket"],
  perMessageDeflate: false,
  serveClient: false,
});
server.on("connection", (socket) => {
  socket.join("room");
  socket.on("message", (text) => server.to("room").emit("message", text));
});
http.listen({ host: "127.0.0.1", port: Number(port), backlog: 4096 });
