/*
 * The round trip as a program sees it: both clocks are read here, so whatever keeps either program from the processor is in it.
 *
 *   roundtrip ADDRESS PORT COUNT INTERVAL_MICROSECONDS
 *
 * Sends that many requests of the UDP ping on a grid, each after the answer to the one before (or a second), and waits in poll(2). Whoever
 * answers is reflector.c. Prints the round trips in microseconds as one line of JSON.
 */
#define _GNU_SOURCE
#include "udp.h"
#include "lateness.h"
#include <poll.h>

/* Nanoseconds; 0 where no answer came within a second. */
static int64_t take(int fd, uint64_t number)
{
    unsigned char request[REQUEST_LENGTH], answer[64];
    write_request(request, number);
    int64_t began = read_clock(CLOCK_MONOTONIC);
    if (send(fd, request, sizeof request, MSG_NOSIGNAL) < 0)
        return 0;
    struct pollfd waiting = { .fd = fd, .events = POLLIN };
    while (poll(&waiting, 1, 1000) > 0) {
        ssize_t length = recv(fd, answer, sizeof answer, MSG_DONTWAIT);
        int64_t ended = read_clock(CLOCK_MONOTONIC);
        if (length == REQUEST_LENGTH && is_ping(answer, (size_t)length, 2) && memcmp(answer + 8, request + 8, 8) == 0)
            return ended - began;
    }
    return 0;
}

int main(int argc, char **argv)
{
    struct sockaddr_in target = { .sin_family = AF_INET };
    int64_t count = argc == 5 ? atoll(argv[3]) : 0, interval = argc == 5 ? atoll(argv[4]) * 1000 : 0;
    if (count < 1 || interval < 1 || inet_pton(AF_INET, argv[1], &target.sin_addr) != 1) {
        fprintf(stderr, "usage: roundtrip ADDRESS PORT COUNT INTERVAL_MICROSECONDS\n");
        return 2;
    }
    target.sin_port = htons((uint16_t)atoi(argv[2]));
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || connect(fd, (struct sockaddr *)&target, sizeof target) < 0)
        fail("socket");
    prctl(PR_SET_TIMERSLACK, 1, 0, 0, 0);
    int64_t next = read_clock(CLOCK_MONOTONIC);
    for (int64_t i = 0; i < count; i++) {
        next += interval;
        sleep_until(next);
        int64_t took = take(fd, (uint64_t)i);
        if (took > 0)
            woke(took);
    }
    printf("{\"sent\":%ld,\"answered\":%lu,\"p50_us\":%.1f,\"p99_us\":%.1f}\n", count, wakeups, lateness_at(0.5), lateness_at(0.99));
    return 0;
}
