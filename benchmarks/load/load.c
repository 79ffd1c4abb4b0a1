/* The load generator: `load key=value …` opens sockets and does what the lines on its standard
 * input say, one after the other; each is answered by a line of JSON. */
#define _GNU_SOURCE
#include "crowd.h"
#include "score.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#define PATIENCE 60e9 /* ns */
#define SERVE_MS 10

static char *slurp(const char *path);
static void read_cookies(const char *path);
static void set(const char *key, char *value);
static void obey(char *line);
static void do_open(size_t count, size_t at_once, int port);
static void do_post(size_t count, double per_second, size_t unheard);
static void do_flood(size_t each);

static double began_cpu;
static uint64_t began;

int main(int argc, char **argv)
{
    static char line[65536];
    struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
    char *empty = "";
    dialect = (struct dialect){empty, empty, empty, empty, empty, empty, empty, empty, empty,
        empty, empty, 0};
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    srand48((long)now_ns());
    setvbuf(stdin, NULL, _IONBF, 0);
    crowd_begin();
    for (int i = 1; i < argc; i++) {
        char *value = strchr(argv[i], '=');
        if (!value)
            return fprintf(stderr, "not key=value: %s\n", argv[i]), 2;
        *value = 0;
        set(argv[i], value + 1);
    }
    for (;;) {
        crowd_serve(20);
        if (poll(&input, 1, 0) > 0) {
            if (!fgets(line, sizeof line, stdin))
                return 0;
            line[strcspn(line, "\n")] = 0;
            obey(line);
        }
    }
}

static void set(const char *key, char *value)
{
    struct {
        const char *key;
        char **place;
    } known[] = {
        {"path", &dialect.path}, {"subprotocol", &dialect.subprotocol},
        {"greeting", &dialect.greeting}, {"first", &dialect.first}, {"joined", &dialect.joined},
        {"ping", &dialect.ping}, {"pong", &dialect.pong}, {"post", &dialect.post},
        {"answer", &dialect.answer},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (!strcmp(key, known[i].key)) {
            *known[i].place = strdup(value);
            return;
        }
    if (!strcmp(key, "cookies"))
        read_cookies(value);
    else if (!strcmp(key, "large"))
        dialect.large = slurp(value);
    else if (!strcmp(key, "large_every"))
        dialect.large_every = strtoul(value, NULL, 10);
    else
        fprintf(stderr, "unknown: %s\n", key), exit(2);
}

static char *slurp(const char *path)
{
    FILE *file = fopen(path, "r");
    char *text = calloc(1, 1 << 20);
    if (!file || !fread(text, 1, (1 << 20) - 1, file))
        perror(path), exit(2);
    fclose(file);
    return text;
}

static void read_cookies(const char *path)
{
    size_t count = 0;
    char **cookies = calloc(20000, sizeof *cookies);
    for (char *line = strtok(slurp(path), "\n"); line && count < 20000; line = strtok(NULL, "\n"))
        cookies[count++] = line;
    crowd_cookies(cookies, count);
}

static void obey(char *line)
{
    size_t count, at_once, unheard;
    int port;
    double rate;
    began = now_ns();
    began_cpu = cpu_seconds();
    printf("{");
    if (sscanf(line, "open %zu %zu %d", &count, &at_once, &port) == 3)
        do_open(count, at_once, port);
    else if (sscanf(line, "post %zu %lf %zu", &count, &rate, &unheard) == 3)
        do_post(count, rate, unheard);
    else if (sscanf(line, "flood %zu", &count) == 1)
        do_flood(count);
    else if (sscanf(line, "stall %zu", &count) == 1)
        crowd_stall(count);
    else if (!strcmp(line, "drop"))
        crowd_drop();
    else if (strchr(line, '='))
        *strchr(line, '=') = 0, set(line, line + strlen(line) + 1);
    else if (strcmp(line, "look"))
        fprintf(stderr, "not understood: %s\n", line), exit(2);
    printf("\"live\": %zu, \"failures\": %zu, \"seconds\": %.6f, \"load_cpu\": %.6f}\n",
        crowd_live, crowd_failures, (double)(now_ns() - began) / 1e9, cpu_seconds() - began_cpu);
    fflush(stdout);
}

static int is_patient(void)
{
    return now_ns() - began < PATIENCE;
}

static void do_open(size_t count, size_t at_once, int port)
{
    static int group = 0;
    size_t wanted;
    crowd_add(count, group < MAX_GROUPS ? group++ : MAX_GROUPS - 1, port);
    wanted = crowd_size;
    while (crowd_live < wanted && is_patient()) {
        crowd_open(at_once);
        crowd_serve(SERVE_MS);
    }
}

/* Evenly, whatever comes back; one after the other of the first group speaks. */
static void do_post(size_t count, double per_second, size_t unheard)
{
    size_t sent = 0, expected = count * (crowd_live - unheard);
    score_begin(count);
    while ((sent < count || score_deliveries() < expected) && is_patient()) {
        double wait_ms = SERVE_MS;
        if (sent < count)
            wait_ms = (double)sent / per_second * 1e3 - (double)(now_ns() - began) / 1e6;
        if (wait_ms <= 0)
            crowd_post(crowd_speaker(), sent++);
        else
            crowd_serve(wait_ms < SERVE_MS ? (int)wait_ms + 1 : SERVE_MS);
    }
    score_print();
}

/* Everybody of the first group posts so often, the next one when the last one is stored. */
static void do_flood(size_t each)
{
    size_t total = crowd_flood(each), expected = total * crowd_live;
    while ((score_answers() < total || score_deliveries() < expected) && is_patient())
        crowd_serve(SERVE_MS);
    score_print();
}
