/* What both programs share: clocks, the wire format (docs/protocols.md), and failing with a reason. */
#ifndef MESHPULSE_BENCH_COMMON_H
#define MESHPULSE_BENCH_COMMON_H

#include <arpa/inet.h>
#include <endian.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define PING_LENGTH 12
#define HELLO_LENGTH 11

static inline int64_t read_clock(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static inline void sleep_until(int64_t when)
{
    struct timespec t = { .tv_sec = when / 1000000000, .tv_nsec = when % 1000000000 };
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL);
}

static inline void fail(const char *what)
{
    fprintf(stderr, "%s: %s\n", what, strerror(errno));
    exit(1);
}

static inline void set_option(int fd, int level, int option, int value)
{
    if (setsockopt(fd, level, option, &value, sizeof value) < 0)
        fail("setsockopt");
}

/* length:int32, then the wall clock in microseconds:int64, both big-endian. */
static inline void write_ping(unsigned char *frame, int64_t wall)
{
    uint32_t length = htobe32(8);
    uint64_t stamp = htobe64((uint64_t)(wall / 1000));
    memcpy(frame, &length, 4);
    memcpy(frame + 4, &stamp, 8);
}

/* Cuts a stream into frames without keeping them: how many bytes of the current frame are still to come. */
struct framing {
    uint32_t left;
    uint32_t length;
    int prefix;
};

/* Returns how many frames ended within the bytes. */
static inline int count_frames(struct framing *f, const unsigned char *data, size_t size)
{
    int frames = 0;
    while (size > 0) {
        if (f->left == 0) {
            f->length = f->length << 8 | *data++;
            size--;
            if (++f->prefix == 4) {
                f->left = f->length;
                f->length = 0;
                f->prefix = 0;
            }
            continue;
        }
        size_t taken = size < f->left ? size : f->left;
        f->left -= (uint32_t)taken;
        data += taken;
        size -= taken;
        frames += f->left == 0;
    }
    return frames;
}

#endif
