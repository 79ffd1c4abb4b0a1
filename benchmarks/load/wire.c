#define _GNU_SOURCE
#include "wire.h"

#include <stdint.h>
#include <string.h>

size_t take_frame(char *bytes, size_t length, struct frame *frame)
{
    const unsigned char *head = (const unsigned char *)bytes;
    size_t size = 2, payload;
    if (length < 2)
        return 0;
    payload = head[1] & 127;
    if (payload == 126)
        size = 4;
    else if (payload == 127)
        size = 10;
    if (length < size)
        return 0;
    if (size > 2) {
        payload = 0;
        for (size_t i = 2; i < size; i++)
            payload = payload << 8 | head[i];
    }
    if (length - size < payload)
        return 0;
    *frame = (struct frame){head[0] & 15, bytes + size, payload};
    return size + payload;
}

size_t put_header(char *out, int opcode, size_t length)
{
    size_t size = 2;
    out[0] = (char)(0x80 | opcode);
    if (length < 126) {
        out[1] = (char)(0x80 | length);
    } else {
        out[1] = (char)(0x80 | 126);
        out[2] = (char)(length >> 8);
        out[3] = (char)length;
        size = 4;
    }
    memset(out + size, 0, 4);
    return size + 4;
}

size_t end_of_headers(const char *bytes, size_t length)
{
    const char *end = memmem(bytes, length, "\r\n\r\n", 4);
    return end ? (size_t)(end - bytes) + 4 : 0;
}
