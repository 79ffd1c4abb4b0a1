/* The WebSocket protocol (RFC 6455) as far as a well-behaved client needs it. */
#ifndef WIRE_H
#define WIRE_H

#include <stddef.h>

enum { TEXT = 1, CLOSE = 8, PING = 9, PONG = 10 };

struct frame {
    int opcode;
    char *payload;
    size_t length;
};

/* Take the first frame out of bytes; returns how long it is, or 0 while it is not complete. */
size_t take_frame(char *bytes, size_t length, struct frame *frame);

/* Write a frame's header and its mask of zeros to `out`; the payload follows as it is. */
size_t put_header(char *out, int opcode, size_t length);

/* Returns where the handshake's answer ends, or 0 while it is not complete. */
size_t end_of_headers(const char *bytes, size_t length);

#endif
