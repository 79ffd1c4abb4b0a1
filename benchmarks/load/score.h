/* What arrived, how late, and whether everybody had it. */
#ifndef SCORE_H
#define SCORE_H

#include <stddef.h>
#include <stdint.h>

#define MARKER "delivery="
#define MARKER_DIGITS 10
#define MAX_GROUPS 4

uint64_t now_ns(void);
double cpu_seconds(void); /* of this process */

void score_begin(size_t posts);
void score_sent(size_t post);                /* now */
void score_answered(size_t post);            /* the server says that it is stored */
void score_heard(int group, const char *bytes, size_t length);
size_t score_deliveries(void);
size_t score_answers(void);
void score_print(void); /* as members of a JSON object */

/* Milliseconds at which a share of the values lies; sorts them. */
double percentile(uint32_t *microseconds, size_t count, double share);

#endif
