/* A log-linear histogram of how late a thread woke, 32 buckets to the octave. */
#ifndef MESHPULSE_BENCH_LATENESS_H
#define MESHPULSE_BENCH_LATENESS_H

#include <stdint.h>
#include <string.h>

#define BUCKETS (64 * 32)

static uint64_t lateness[BUCKETS];
static uint64_t wakeups;

static inline int bucket_of(uint64_t value)
{
    if (value < 32)
        return (int)value;
    int magnitude = 63 - __builtin_clzll(value) - 5;
    return (magnitude << 5) + (int)(value >> magnitude);
}

static inline uint64_t top_of(int bucket)
{
    if (bucket < 64)
        return (uint64_t)bucket;
    int magnitude = (bucket >> 5) - 1;
    return ((uint64_t)(bucket - (magnitude << 5) + 1) << magnitude) - 1;
}

static inline void woke(int64_t late)
{
    lateness[bucket_of(late > 0 ? (uint64_t)late : 0)]++;
    wakeups++;
}

/* In microseconds. */
static inline double lateness_at(double quantile)
{
    uint64_t wanted = (uint64_t)(quantile * (double)wakeups), seen = 0;
    for (int i = 0; i < BUCKETS; i++) {
        seen += lateness[i];
        if (seen > 0 && seen >= wanted)
            return (double)top_of(i) / 1e3;
    }
    return 0;
}

static inline void forget_lateness(void)
{
    memset(lateness, 0, sizeof lateness);
    wakeups = 0;
}

#endif
