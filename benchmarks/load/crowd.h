/* Many sockets that all speak one dialect of WebSocket, in one thread. */
#ifndef CROWD_H
#define CROWD_H

#include <stddef.h>
#include <stdint.h>

/* What is said to a server and heard from it; an empty string means that it is left out. */
struct dialect {
    char *path, *subprotocol, *origin;
    char *greeting; /* in a frame: the server knows us */
    char *first;    /* the frame that is sent then */
    char *joined;   /* in a frame: the first one was carried out */
    char *ping, *pong;
    char *post;     /* the frame of a post; %t is its text, %u a new UUID */
    char *answer;   /* how the frame begins that says a post was stored */
    char *large;    /* the text of every `large_every`th post */
    size_t large_every;
};

enum state { CLOSED, CONNECTING, UPGRADING, GREETING, JOINING, LIVE };

struct member {
    int fd, group, port, is_stalled;
    enum state state;
    const char *cookie;
    char *rest; /* of a frame that has not arrived whole */
    size_t rest_length;
    uint64_t began, retry_at;
    int failures;
    size_t post; /* one more than the number of the post whose answer it waits for */
    size_t posts_left;
};

extern struct dialect dialect;
extern struct member *crowd;
extern size_t crowd_size, crowd_live, crowd_failures;

void crowd_begin(void);
void crowd_cookies(char **cookies, size_t count); /* one after the other for those added */
void crowd_add(size_t count, int group, int port);
void crowd_open(size_t at_once);   /* go on opening those that are closed */
void crowd_serve(int milliseconds); /* take in what arrives, for at most so long */
void crowd_drop(void);             /* everybody at once, without a word */
void crowd_stall(size_t count);    /* the last ones read nothing any more */
struct member *crowd_speaker(void); /* the next one of the first group */
void crowd_post(struct member *member, size_t number);
size_t crowd_flood(size_t each); /* returns how many posts that will be */

#endif
