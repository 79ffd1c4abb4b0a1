#define _GNU_SOURCE
#include "crowd.h"

#include "score.h"
#include "wire.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#define MAX_MEMBERS 20000
#define BUFFER (1 << 20)
#define MAX_EVENTS 512

struct dialect dialect;
struct member *crowd;
size_t crowd_size, crowd_live, crowd_failures;

static int queue = -1;
static char **cookies;
static size_t cookie_count;
static size_t next_post; /* of a flood */
static size_t opening; /* how many handshakes are under way */
static char buffer[BUFFER];

static void take_event(struct member *member, uint32_t events);
static void dial(struct member *member);
static void ask_to_upgrade(struct member *member);
static void take_in(struct member *member);
static size_t take_handshake(struct member *member, char *bytes, size_t length);
static void hear(struct member *member, struct frame *frame);
static void upgraded(struct member *member);
static void greeted(struct member *member);
static void joined(struct member *member);
static void lose(struct member *member);
static void post_next(struct member *member);
static void say(struct member *member, int opcode, const char *payload, size_t length);
static int contains(struct frame *frame, const char *text);

void crowd_begin(void)
{
    queue = epoll_create1(EPOLL_CLOEXEC);
    crowd = calloc(MAX_MEMBERS, sizeof *crowd);
}

void crowd_cookies(char **sessions, size_t count)
{
    cookies = sessions;
    cookie_count = count;
}

void crowd_add(size_t count, int group, int port)
{
    for (; count && crowd_size < MAX_MEMBERS; count--, crowd_size++)
        crowd[crowd_size] = (struct member){
            .fd = -1, .group = group, .port = port,
            .cookie = cookie_count ? cookies[crowd_size % cookie_count] : NULL,
        };
}

void crowd_open(size_t at_once)
{
    uint64_t now = now_ns();
    for (size_t i = 0; i < crowd_size && opening < at_once; i++)
        if (crowd[i].state == CLOSED && crowd[i].retry_at <= now)
            dial(&crowd[i]);
}

void crowd_serve(int milliseconds)
{
    struct epoll_event events[MAX_EVENTS];
    int count = epoll_wait(queue, events, MAX_EVENTS, milliseconds);
    for (int i = 0; i < count; i++)
        take_event(events[i].data.ptr, events[i].events);
}

void crowd_drop(void)
{
    for (size_t i = 0; i < crowd_size; i++)
        if (crowd[i].state != CLOSED)
            lose(&crowd[i]);
    crowd_failures = 0;
    for (size_t i = 0; i < crowd_size; i++)
        crowd[i].failures = 0, crowd[i].retry_at = 0, crowd[i].posts_left = 0;
}

void crowd_stall(size_t count)
{
    for (size_t i = crowd_size; i > 0 && count; i--, count--) {
        crowd[i - 1].is_stalled = 1;
        epoll_ctl(queue, EPOLL_CTL_DEL, crowd[i - 1].fd, NULL);
    }
}

struct member *crowd_speaker(void)
{
    static size_t turn;
    for (size_t tries = 0; tries < crowd_size; tries++) {
        struct member *member = &crowd[turn++ % crowd_size];
        if (member->state == LIVE && member->group == 0 && !member->is_stalled)
            return member;
    }
    fprintf(stderr, "nobody is left who could post\n");
    exit(1);
}

size_t crowd_flood(size_t each)
{
    size_t members = 0;
    for (size_t i = 0; i < crowd_size; i++)
        members += crowd[i].group == 0 && crowd[i].state == LIVE;
    score_begin(members * each);
    next_post = 0;
    for (size_t i = 0; i < crowd_size; i++)
        if (crowd[i].group == 0 && crowd[i].state == LIVE) {
            crowd[i].posts_left = each;
            post_next(&crowd[i]);
        }
    return members * each;
}

static void post_next(struct member *member)
{
    if (member->posts_left) {
        member->posts_left--;
        crowd_post(member, next_post++);
    }
}

static void take_event(struct member *member, uint32_t events)
{
    if (member->state == CONNECTING) {
        if (events & (EPOLLERR | EPOLLHUP))
            lose(member);
        else
            ask_to_upgrade(member);
    } else if (member->state != CLOSED) {
        take_in(member);
    }
}

static void dial(struct member *member)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)member->port)};
    struct epoll_event event = {.events = EPOLLOUT, .data.ptr = member};
    int on = 1;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    member->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (member->fd < 0) {
        perror("socket");
        exit(1);
    }
    setsockopt(member->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    member->state = CONNECTING;
    member->began = now_ns();
    opening++;
    epoll_ctl(queue, EPOLL_CTL_ADD, member->fd, &event);
    if (connect(member->fd, (struct sockaddr *)&address, sizeof address) && errno != EINPROGRESS)
        lose(member);
}

static void ask_to_upgrade(struct member *member)
{
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = member};
    char request[2048];
    int length = snprintf(request, sizeof request,
        "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n"
        "Origin: http://127.0.0.1:%d\r\n",
        dialect.path, member->port, member->port);
    if (*dialect.subprotocol)
        length += snprintf(request + length, sizeof request - (size_t)length,
            "Sec-WebSocket-Protocol: %s\r\n", dialect.subprotocol);
    if (member->cookie)
        length += snprintf(request + length, sizeof request - (size_t)length,
            "Cookie: sessionid=%s\r\n", member->cookie);
    length += snprintf(request + length, sizeof request - (size_t)length, "\r\n");
    member->state = UPGRADING;
    epoll_ctl(queue, EPOLL_CTL_MOD, member->fd, &event);
    if (send(member->fd, request, (size_t)length, MSG_NOSIGNAL) != length)
        lose(member);
}

static void take_in(struct member *member)
{
    size_t kept = member->rest_length, used = 0, taken, length;
    struct frame frame;
    ssize_t got;
    memcpy(buffer, member->rest, kept);
    got = recv(member->fd, buffer + kept, BUFFER - kept, 0);
    if (got <= 0) {
        if (got == 0 || (errno != EAGAIN && errno != EINTR))
            lose(member);
        return;
    }
    length = kept + (size_t)got;
    if (member->state == UPGRADING) {
        used = take_handshake(member, buffer, length);
        if (member->state == CLOSED)
            return;
    }
    while (member->state > UPGRADING && (taken = take_frame(buffer + used, length - used, &frame))) {
        used += taken;
        hear(member, &frame);
    }
    if (member->state == CLOSED)
        return;
    member->rest_length = length - used;
    if (member->rest_length) {
        member->rest = realloc(member->rest, member->rest_length);
        memcpy(member->rest, buffer + used, member->rest_length);
    } else {
        free(member->rest);
        member->rest = NULL;
    }
}

static size_t take_handshake(struct member *member, char *bytes, size_t length)
{
    size_t end = end_of_headers(bytes, length);
    if (!end)
        return 0;
    if (length < 12 || memcmp(bytes + 9, "101", 3)) {
        lose(member);
        return 0;
    }
    upgraded(member);
    return end;
}

static void hear(struct member *member, struct frame *frame)
{
    if (frame->opcode == CLOSE) {
        lose(member);
        return;
    }
    if (frame->opcode == PING) {
        say(member, PONG, frame->payload, frame->length);
        return;
    }
    if (member->state == GREETING && contains(frame, dialect.greeting))
        greeted(member);
    else if (member->state == JOINING && contains(frame, dialect.joined))
        joined(member);
    if (*dialect.ping && frame->length == strlen(dialect.ping)
        && !memcmp(frame->payload, dialect.ping, frame->length)) {
        say(member, TEXT, dialect.pong, strlen(dialect.pong));
        return;
    }
    if (member->post && *dialect.answer && frame->length > strlen(dialect.answer)
        && !memcmp(frame->payload, dialect.answer, strlen(dialect.answer))) {
        score_answered(member->post - 1);
        member->post = 0;
        post_next(member);
        return;
    }
    score_heard(member->group, frame->payload, frame->length);
}

static void upgraded(struct member *member)
{
    member->state = GREETING;
    if (!*dialect.greeting)
        greeted(member);
}

static void greeted(struct member *member)
{
    member->state = JOINING;
    if (*dialect.first)
        say(member, TEXT, dialect.first, strlen(dialect.first));
    if (!*dialect.joined && member->state == JOINING)
        joined(member);
}

static void joined(struct member *member)
{
    member->state = LIVE;
    member->failures = 0;
    opening--;
    crowd_live++;
}

/* It may be tried again: at first within a second, later less often, as a page would. */
static void lose(struct member *member)
{
    double longest = 1e9 * (double)(1 << (member->failures < 5 ? member->failures : 5));
    if (member->state == LIVE)
        crowd_live--;
    else
        opening--;
    crowd_failures++;
    member->failures++;
    member->retry_at = now_ns() + (uint64_t)(drand48() * longest);
    member->state = CLOSED;
    member->post = 0;
    close(member->fd);
    free(member->rest);
    member->rest = NULL;
    member->rest_length = 0;
}

static void say(struct member *member, int opcode, const char *payload, size_t length)
{
    char head[16];
    struct iovec parts[2] = {{head, put_header(head, opcode, length)}, {(char *)payload, length}};
    struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};
    /* A frame that does not fit means a server that reads nothing: it counts as lost. */
    if (sendmsg(member->fd, &message, MSG_NOSIGNAL) != (ssize_t)(parts[0].iov_len + length))
        lose(member);
}

static int contains(struct frame *frame, const char *text)
{
    return memmem(frame->payload, frame->length, text, strlen(text)) != NULL;
}

void crowd_post(struct member *member, size_t number)
{
    static char frame[65536];
    static const char filler[] = " the quick brown fox jumps over the lazy dog again";
    size_t length = 0;
    int is_large = dialect.large_every && number % dialect.large_every == 0;
    for (const char *in = dialect.post; *in; in++) {
        char *out = frame + length;
        size_t room = sizeof frame - length;
        if (in[0] != '%') {
            frame[length++] = *in;
        } else if (*++in == 'u') {
            length += (size_t)snprintf(out, room, "%08lx-%04lx-4%03lx-8%03lx-%08lx%04lx",
                mrand48() & 0xffffffff, mrand48() & 0xffff, mrand48() & 0xfff, mrand48() & 0xfff,
                mrand48() & 0xffffffff, mrand48() & 0xffff);
        } else {
            length += (size_t)snprintf(out, room, "%s%010zu%.*s", MARKER, number,
                is_large ? 60000 : 64 - 9 - 10, is_large ? dialect.large : filler);
        }
    }
    member->post = number + 1;
    score_sent(number);
    say(member, TEXT, frame, length);
}
