/*
 * The counterparts of a node under test, as cheap as they can be: N peers in one thread.
 *
 *   peers ADDRESS PORT COUNT INTERVAL_MICROSECONDS [OWN_PORT]
 *
 * Each peer calls ADDRESS:PORT from an address of its own in 127.8.0.0/16 (its identity is that address with OWN_PORT, or PORT), says hello, and
 * sends a heartbeat every interval; what the node sends is read and counted just before. The peers are spread over the
 * interval in 20 groups. Prints "ready" when all calls stand and, for each line that it reads from its input, one
 * line of JSON with the counts so far; ends with its input.
 */
#define _GNU_SOURCE
#include "common.h"
#include <fcntl.h>
#include <poll.h>

#define GROUPS 20

struct peer {
    int fd;
    struct framing framing;
};

static unsigned char buffer[64 * 1024];
static uint64_t sent, received, unsent;

static struct sockaddr_in address_of(int number, int port)
{
    /* From 127.8.0.1; the last octet never 0 or 255. */
    uint32_t host = 0x7f080000u + ((uint32_t)(number / 254) << 8) + (uint32_t)(number % 254) + 1;
    return (struct sockaddr_in){ .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(host) };
}

static void call(struct peer *peer, int number, const struct sockaddr_in *node, uint16_t port)
{
    struct sockaddr_in own = address_of(number, 0);
    unsigned char hello[HELLO_LENGTH] = { 0, 0, 0, 7, 4 };
    peer->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (peer->fd < 0)
        fail("socket");
    set_option(peer->fd, IPPROTO_TCP, TCP_NODELAY, 1);
    if (bind(peer->fd, (struct sockaddr *)&own, sizeof own) < 0)
        fail("bind");
    if (connect(peer->fd, (const struct sockaddr *)node, sizeof *node) < 0)
        fail("connect");
    memcpy(hello + 5, &own.sin_addr, 4);
    memcpy(hello + 9, &port, 2);
    if (send(peer->fd, hello, sizeof hello, MSG_NOSIGNAL) != sizeof hello)
        fail("send");
}

static void take_turn(struct peer *peer)
{
    unsigned char frame[PING_LENGTH];
    ssize_t count = recv(peer->fd, buffer, sizeof buffer, MSG_DONTWAIT);
    if (count > 0)
        received += (uint64_t)count_frames(&peer->framing, buffer, (size_t)count);
    else if (count == 0 || errno != EAGAIN) {
        fprintf(stderr, "peers: the node closed a connection\n");
        exit(1);
    }
    write_ping(frame, read_clock(CLOCK_REALTIME));
    if (send(peer->fd, frame, sizeof frame, MSG_NOSIGNAL | MSG_DONTWAIT) == sizeof frame)
        sent++;
    else
        unsent++;
}

/* True until the input ends. */
static int answer(void)
{
    char line[256];
    ssize_t count = read(STDIN_FILENO, line, sizeof line);
    if (count < 0 && errno == EAGAIN)
        return 1;
    if (count <= 0)
        return 0;
    printf("{\"at_ns\":%ld,\"sent\":%lu,\"received\":%lu,\"unsent\":%lu}\n", read_clock(CLOCK_MONOTONIC), sent, received, unsent);
    fflush(stdout);
    return 1;
}

int main(int argc, char **argv)
{
    struct sockaddr_in node = { .sin_family = AF_INET };
    if (argc < 5 || argc > 6 || inet_pton(AF_INET, argv[1], &node.sin_addr) != 1) {
        fprintf(stderr, "usage: peers ADDRESS PORT COUNT INTERVAL_MICROSECONDS [OWN_PORT]\n");
        return 2;
    }
    node.sin_port = htons((uint16_t)atoi(argv[2]));
    int count = atoi(argv[3]);
    int64_t interval = atoll(argv[4]) * 1000;
    uint16_t port = argc > 5 ? htons((uint16_t)atoi(argv[5])) : node.sin_port;
    struct peer *peers = calloc((size_t)count, sizeof *peers);
    if (count < 1 || interval < GROUPS || peers == NULL)
        fail("arguments");

    prctl(PR_SET_TIMERSLACK, 1, 0, 0, 0);
    for (int i = 0; i < count; i++) {
        call(&peers[i], i, &node, port);
        /* Slowly enough for a bound on callers without a hello. */
        usleep(500);
    }
    printf("ready\n");
    fflush(stdout);
    fcntl(STDIN_FILENO, F_SETFL, fcntl(STDIN_FILENO, F_GETFL) | O_NONBLOCK);

    int64_t origin = read_clock(CLOCK_MONOTONIC);
    for (int64_t tick = 1;; tick++) {
        sleep_until(origin + interval * tick / GROUPS);
        /* After a stall the missed turns are left out, as the node leaves out its own. */
        int64_t reached = (read_clock(CLOCK_MONOTONIC) - origin) * GROUPS / interval;
        if (reached > tick + GROUPS)
            tick = reached - GROUPS;
        for (int i = (int)(tick % GROUPS); i < count; i += GROUPS)
            take_turn(&peers[i]);
        if (!answer())
            return 0;
    }
}
