/*
 * How the programs that probe by UDP keep the time: each of their targets has an offset of its own within the interval, by the golden
 * ratio, in whole half milliseconds (the agent's GridSpread); a thread sleeps in epoll_pwait2(2) until the next of them, looks at what came, and
 * sends to each target whose slot has come. SIGUSR1 begins a measurement, SIGTERM ends the program.
 */
#ifndef MESHPULSE_BENCH_PACING_H
#define MESHPULSE_BENCH_PACING_H

#include "lateness.h"
#include "udp.h"

#define GOLDEN_RATIO 0.6180339887498949

static volatile sig_atomic_t stop, restart;
/* The first target of each slot, and of each target the next in its slot; -1 for none. */
static int *first_of, *next_of, slot_count;
/* Written and never looked at, so that the compiler keeps the reading. */
static volatile int64_t arrived, read_at;

/* The program's own. */
static void begin_anew(void);
static void look(int poller);
static void send_to(int target);
static void skip(int target);

static void on_signal(int number)
{
    if (number == SIGUSR1)
        restart = 1;
    else
        stop = 1;
}

static inline void heed_signals(void)
{
    struct sigaction action = { .sa_handler = on_signal };
    sigaction(SIGUSR1, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    prctl(PR_SET_TIMERSLACK, 1, 0, 0, 0);
}

static inline void spread(int count)
{
    first_of = malloc((size_t)slot_count * sizeof *first_of);
    next_of = malloc((size_t)count * sizeof *next_of);
    if (first_of == NULL || next_of == NULL)
        fail("malloc");
    memset(first_of, -1, (size_t)slot_count * sizeof *first_of);
    double offset = 0;
    for (int i = 0; i < count; i++) {
        offset += GOLDEN_RATIO;
        offset -= (int)offset;
        int slot = (int)(offset * slot_count);
        next_of[i] = first_of[slot];
        first_of[slot] = i;
    }
}

/* Answers come to another poller than the one that it sleeps in: they are stamped and can wait. */
static inline void sleep_in(int poller, int64_t due)
{
    struct epoll_event event;
    int64_t rest;
    while (!stop && (rest = due - read_clock(CLOCK_MONOTONIC)) > 0) {
        struct timespec timeout = { .tv_sec = rest / 1000000000, .tv_nsec = rest % 1000000000 };
        (void)epoll_pwait2(poller, &event, 1, &timeout, NULL);
    }
}

static inline void pace(int waking, int quiet)
{
    int64_t origin = read_clock(CLOCK_MONOTONIC), tick = 0;
    while (!stop) {
        int64_t due = origin + (tick + 1) * SLOT;
        sleep_in(waking, due);
        if (restart) {
            restart = 0;
            forget_lateness();
            begin_anew();
        }
        int64_t now = read_clock(CLOCK_MONOTONIC);
        arrived = read_clock(CLOCK_REALTIME);
        woke(now - due);
        look(quiet);
        int64_t reached = (read_clock(CLOCK_MONOTONIC) - origin) / SLOT;
        /* A slot whose turn has come again was missed once. */
        for (; reached - tick > slot_count; tick++)
            for (int i = first_of[(tick + 1) % slot_count]; i >= 0; i = next_of[i])
                skip(i);
        while (tick < reached)
            for (int i = first_of[++tick % slot_count]; i >= 0; i = next_of[i])
                send_to(i);
    }
}

#endif
