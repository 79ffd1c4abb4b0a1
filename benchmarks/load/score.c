#define _GNU_SOURCE
#include "score.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

struct list {
    uint32_t *values;
    size_t count, room;
};

struct post {
    uint64_t sent, last[MAX_GROUPS];
};

static struct post *posts;
static size_t total, deliveries, seen_groups;
static uint64_t first_sent, last_answer;
static struct list latencies[MAX_GROUPS], answers;

uint64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

double cpu_seconds(void)
{
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    return used.ru_utime.tv_sec + used.ru_stime.tv_sec
        + (used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

void score_begin(size_t expected)
{
    free(posts);
    posts = calloc(expected, sizeof *posts);
    total = expected;
    deliveries = seen_groups = answers.count = 0;
    first_sent = last_answer = 0;
    for (size_t group = 0; group < MAX_GROUPS; group++)
        latencies[group].count = 0;
}

static void add(struct list *list, uint64_t nanoseconds)
{
    if (list->count == list->room) {
        list->room = list->room ? list->room * 2 : 1024;
        list->values = realloc(list->values, list->room * sizeof *list->values);
    }
    list->values[list->count++] = (uint32_t)(nanoseconds / 1000);
}

void score_sent(size_t post)
{
    posts[post].sent = now_ns();
    if (!first_sent)
        first_sent = posts[post].sent;
}

void score_answered(size_t post)
{
    last_answer = now_ns();
    add(&answers, last_answer - posts[post].sent);
}

/* A frame may tell of several posts, and each post stands in it once. */
void score_heard(int group, const char *bytes, size_t length)
{
    const char *end = bytes + length;
    uint64_t now = 0;
    while ((bytes = memmem(bytes, (size_t)(end - bytes), MARKER, strlen(MARKER)))) {
        size_t post = 0;
        bytes += strlen(MARKER);
        for (int i = 0; i < MARKER_DIGITS && bytes < end; i++)
            post = post * 10 + (size_t)(*bytes++ - '0');
        if (post >= total || !posts[post].sent)
            continue;
        if (!now)
            now = now_ns();
        deliveries++;
        posts[post].last[group] = now;
        add(&latencies[group], now - posts[post].sent);
        if ((size_t)group >= seen_groups)
            seen_groups = (size_t)group + 1;
    }
}

size_t score_deliveries(void)
{
    return deliveries;
}

size_t score_answers(void)
{
    return answers.count;
}

static int compare(const void *one, const void *other)
{
    uint32_t left = *(const uint32_t *)one, right = *(const uint32_t *)other;
    return (left > right) - (left < right);
}

double percentile(uint32_t *microseconds, size_t count, double share)
{
    size_t place = (size_t)(share * (double)count);
    if (!count)
        return 0;
    qsort(microseconds, count, sizeof *microseconds, compare);
    return microseconds[place < count ? place : count - 1] / 1e3;
}

static void print_list(const char *name, struct list *list)
{
    printf("\"%s_p50_ms\": %.3f, \"%s_p99_ms\": %.3f", name,
        percentile(list->values, list->count, 0.5), name,
        percentile(list->values, list->count, 0.99));
}

static void print_group(size_t group)
{
    struct list last = {0};
    for (size_t post = 0; post < total; post++)
        if (posts[post].last[group])
            add(&last, posts[post].last[group] - posts[post].sent);
    printf("%s{", group ? ", " : "");
    print_list("each", &latencies[group]);
    printf(", ");
    print_list("last", &last);
    printf("}");
    free(last.values);
}

void score_print(void)
{
    printf("\"posts\": %zu, \"deliveries\": %zu, \"answers\": %zu, \"answered_after\": %.6f, ", total,
        deliveries, answers.count, last_answer ? (double)(last_answer - first_sent) / 1e9 : 0);
    print_list("answer", &answers);
    printf(", \"groups\": [");
    for (size_t group = 0; group < seen_groups; group++)
        print_group(group);
    printf("], ");
}
