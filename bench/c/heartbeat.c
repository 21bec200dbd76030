/*
 * The least that a heartbeat node can cost: the system calls of the agent's probing thread for the same peers, and
 * nothing of its measurements.
 *
 *   heartbeat ADDRESS PORT INTERVAL_MICROSECONDS
 *
 * It sleeps until an absolute time on a grid of slots (the agent's SendWheel), looks at the sockets once a turn, reads each
 * readable one with its kernel stamp into a large buffer, cuts the bytes into frames, and sends a heartbeat of 12 bytes to
 * the connections of the slots that have come, with both clocks read for each. SIGUSR1 begins a measurement; SIGTERM
 * prints what was measured since as one line of JSON.
 */
#define _GNU_SOURCE
#include "common.h"
#include "lateness.h"
#include <sys/epoll.h>

#define SLOTS_MAX 20000
#define CONNECTIONS_MAX 4096

struct connection {
    int fd;
    int said_hello;
    struct framing framing;
};

struct slot {
    int count;
    int capacity;
    int *fds;
};

static struct connection connections[CONNECTIONS_MAX];
static struct slot slots[SLOTS_MAX];
static unsigned char buffer[64 * 1024];
static struct epoll_event events[1024];
static uint64_t sent, received, stamped, unsent;
static volatile sig_atomic_t stop, restart;
static int poller, listener, slot_count, read_every;
static int64_t origin, slot_length;
/* Written and never looked at: what the node would measure with, so that the compiler keeps the reading. */
static volatile int64_t arrived, read_at;

static void on_signal(int number)
{
    if (number == SIGUSR1)
        restart = 1;
    else
        stop = 1;
}

static void begin_anew(void)
{
    restart = 0;
    forget_lateness();
    sent = received = stamped = unsent = 0;
}

static void print(void)
{
    printf("{\"sent\":%lu,\"received\":%lu,\"unsent\":%lu,\"stamped\":%lu,\"wakeups\":%lu,\"late_p50_us\":%.1f,\"late_p99_us\":%.1f,"
           "\"late_p999_us\":%.1f}\n",
           sent, received, unsent, stamped, wakeups, lateness_at(0.5), lateness_at(0.99), lateness_at(0.999));
}

static void listen_on(const char *address, int port)
{
    struct sockaddr_in name = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
    if (inet_pton(AF_INET, address, &name.sin_addr) != 1)
        fail(address);
    listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    set_option(listener, SOL_SOCKET, SO_REUSEADDR, 1);
    set_option(listener, IPPROTO_TCP, TCP_NODELAY, 1);
    set_option(listener, IPPROTO_TCP, TCP_NOTSENT_LOWAT, 2048);
    set_option(listener, SOL_SOCKET, SO_TIMESTAMPNS, 1);
    if (bind(listener, (struct sockaddr *)&name, sizeof name) < 0 || listen(listener, 1024) < 0)
        fail("listen");
}

static void watch(int fd)
{
    struct epoll_event event = { .events = EPOLLIN | EPOLLRDHUP, .data.fd = fd };
    if (epoll_ctl(poller, EPOLL_CTL_ADD, fd, &event) < 0)
        fail("epoll_ctl");
}

static void take_callers(void)
{
    int fd;
    while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
        if (fd >= CONNECTIONS_MAX) {
            close(fd);
            continue;
        }
        connections[fd] = (struct connection){ .fd = fd };
        watch(fd);
    }
}

static void start_sending(int fd)
{
    struct slot *best = &slots[0];
    for (int i = 1; i < slot_count; i++)
        best = slots[i].count < best->count ? &slots[i] : best;
    if (best->count == best->capacity) {
        best->capacity = best->capacity ? best->capacity * 2 : 4;
        best->fds = realloc(best->fds, sizeof *best->fds * (size_t)best->capacity);
        if (best->fds == NULL)
            fail("realloc");
    }
    best->fds[best->count++] = fd;
}

static void hang_up(int fd)
{
    for (int i = 0; i < slot_count; i++)
        for (int j = 0; j < slots[i].count; j++)
            if (slots[i].fds[j] == fd)
                slots[i].fds[j] = slots[i].fds[--slots[i].count];
    close(fd);
}

static void serve(int fd)
{
    struct connection *connection = &connections[fd];
    _Alignas(8) char control[64];
    struct iovec part = { .iov_base = buffer, .iov_len = sizeof buffer };
    struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control };
    ssize_t count = recvmsg(fd, &message, MSG_DONTWAIT);
    if (count <= 0) {
        if (count == 0 || errno != EAGAIN)
            hang_up(fd);
        return;
    }

    int64_t mono = read_clock(CLOCK_MONOTONIC), wall = read_clock(CLOCK_REALTIME);
    for (struct cmsghdr *c = CMSG_FIRSTHDR(&message); c != NULL; c = CMSG_NXTHDR(&message, c))
        if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SO_TIMESTAMPNS) {
            struct timespec stamp;
            memcpy(&stamp, CMSG_DATA(c), sizeof stamp);
            arrived = mono - (wall - ((int64_t)stamp.tv_sec * 1000000000 + stamp.tv_nsec));
            stamped++;
        }

    int frames = count_frames(&connection->framing, buffer, (size_t)count);
    if (frames > 0 && !connection->said_hello) {
        connection->said_hello = 1;
        frames--;
        start_sending(fd);
    }
    received += (uint64_t)frames;
}

static void look(void)
{
    int count = epoll_wait(poller, events, 1024, 0);
    for (int i = 0; i < count; i++) {
        if (events[i].data.fd == listener)
            take_callers();
        else
            serve(events[i].data.fd);
    }
}

static void send_slot(const struct slot *slot)
{
    unsigned char frame[PING_LENGTH];
    for (int i = 0; i < slot->count; i++) {
        read_at = read_clock(CLOCK_MONOTONIC);
        write_ping(frame, read_clock(CLOCK_REALTIME));
        if (send(slot->fds[i], frame, sizeof frame, MSG_NOSIGNAL | MSG_DONTWAIT) == sizeof frame)
            sent++;
        else
            unsent++;
    }
}

static void run(void)
{
    int64_t tick = 0;
    while (!stop) {
        int64_t next = tick + 1;
        while (next % read_every != 0 && slots[next % slot_count].count == 0)
            next++;
        int64_t due = origin + next * slot_length;
        sleep_until(due);
        if (restart)
            begin_anew();
        int64_t now = read_clock(CLOCK_MONOTONIC);
        woke(now - due);
        look();
        int64_t reached = (read_clock(CLOCK_MONOTONIC) - origin) / slot_length;
        if (reached - tick > slot_count)
            tick = reached - slot_count;
        while (tick < reached)
            send_slot(&slots[++tick % slot_count]);
    }
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        fprintf(stderr, "usage: heartbeat ADDRESS PORT INTERVAL_MICROSECONDS\n");
        return 2;
    }
    int64_t interval = atoll(argv[3]) * 1000;
    if (interval < 1000000 || interval > 50000000000) {
        fprintf(stderr, "heartbeat: the interval must be 1 ms to 50 s\n");
        return 2;
    }
    /* As SendWheel does: 4 to 20 slots of at least 500 us, but none longer than 5 ms. */
    int64_t count = interval / 500000;
    count = count < 4 ? 4 : count > 20 ? 20 : count;
    int64_t least = (interval + 4999999) / 5000000;
    slot_count = (int)(count > least ? count : least);
    slot_length = interval / slot_count;
    int64_t every = slot_count / 4 < 5000000 / slot_length ? slot_count / 4 : 5000000 / slot_length;
    read_every = every > 1 ? (int)every : 1;

    struct sigaction action = { .sa_handler = on_signal };
    sigaction(SIGUSR1, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    prctl(PR_SET_TIMERSLACK, 1, 0, 0, 0);
    poller = epoll_create1(EPOLL_CLOEXEC);
    listen_on(argv[1], atoi(argv[2]));
    watch(listener);
    origin = read_clock(CLOCK_MONOTONIC);
    run();
    print();
    return 0;
}
