/*
 * Datagrams for a reflector, from many addresses at once.
 *
 *   flood ADDRESS PORT RATE SOURCES requests|malformed
 *
 * RATE datagrams a second altogether, in groups of half a millisecond, in turn from SOURCES addresses, 127.2.0.1 and up. Requests are
 * well-formed; malformed ones are empty, too short, of another magic, version or type, or responses. Answers are read and counted.
 * Prints "ready" and, for each line of its input, one line of JSON with the counts so far; ends with its input.
 */
#define _GNU_SOURCE
#include "udp.h"
#include <fcntl.h>

static uint64_t sent, answered, unsent;

static size_t write_malformed(unsigned char *data, uint64_t number)
{
    write_request(data, number);
    switch (number % 7) {
    case 0:
        return 0;
    case 1:
        return 1;
    case 2:
        return REQUEST_LENGTH - 1;
    case 3:
        data[0] ^= 1;
        return REQUEST_LENGTH;
    case 4:
        data[7] = 99;
        return REQUEST_LENGTH;
    case 5:
        data[17] = 3;
        return REQUEST_LENGTH;
    default:
        data[17] = 2;
        return REQUEST_LENGTH;
    }
}

static void take_turn(int fd, uint64_t number, int malformed)
{
    unsigned char data[64];
    if (!malformed)
        while (recv(fd, data, sizeof data, MSG_DONTWAIT) >= 0)
            answered++;
    size_t length = REQUEST_LENGTH;
    if (malformed)
        length = write_malformed(data, number);
    else
        write_request(data, number);
    if (send(fd, data, length, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0)
        sent++;
    else
        unsent++;
}

int main(int argc, char **argv)
{
    struct sockaddr_in node = { .sin_family = AF_INET };
    int64_t rate = argc == 6 ? atoll(argv[3]) : 0;
    int sources = argc == 6 ? atoi(argv[4]) : 0;
    if (rate < 1 || sources < 1 || sources > 1000 || inet_pton(AF_INET, argv[1], &node.sin_addr) != 1) {
        fprintf(stderr, "usage: flood ADDRESS PORT RATE SOURCES requests|malformed\n");
        return 2;
    }
    int malformed = strcmp(argv[5], "malformed") == 0, fds[1000];
    node.sin_port = htons((uint16_t)atoi(argv[2]));
    for (int i = 0; i < sources; i++) {
        struct sockaddr_in own = numbered(0x7f020000u, i, 0);
        fds[i] = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        if (fds[i] < 0 || bind(fds[i], (struct sockaddr *)&own, sizeof own) < 0 || connect(fds[i], (struct sockaddr *)&node, sizeof node) < 0)
            fail("socket");
    }
    prctl(PR_SET_TIMERSLACK, 1, 0, 0, 0);
    fcntl(STDIN_FILENO, F_SETFL, fcntl(STDIN_FILENO, F_GETFL) | O_NONBLOCK);
    printf("ready\n");
    fflush(stdout);

    int64_t origin = read_clock(CLOCK_MONOTONIC), number = 0;
    for (int64_t tick = 1;; tick++) {
        sleep_until(origin + tick * SLOT);
        int64_t due = (read_clock(CLOCK_MONOTONIC) - origin) * rate / 1000000000;
        /* What a stall kept from being sent is left out beyond ten milliseconds. */
        if (due - number > rate / 100)
            number = due - rate / 100;
        for (; number < due; number++)
            take_turn(fds[number % sources], (uint64_t)number, malformed);
        if (!answer_counts(sent, answered, unsent, 0))
            return 0;
    }
}
