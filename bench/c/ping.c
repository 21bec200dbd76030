/*
 * The least that probing by UDP can cost: the system calls of the agent's probing thread for the same targets, and nothing
 * of its measurements.
 *
 *   ping COUNT INTERVAL_MICROSECONDS PORT
 *
 * The targets are 127.1.0.1 and up. Each has an offset of its own within the interval, by the golden ratio, in whole half
 * milliseconds (the agent's CheckNode). It sleeps in epoll_pwait2(2) until the next of them, looks at the socket, takes the error
 * queue and all answers by recvmmsg(2) with kernel stamps and both clocks read per batch, and sends a request of 18 bytes to
 * each target that is due, the clock read for each. SIGUSR1 begins a measurement; SIGTERM prints what was measured since as one
 * line of JSON.
 */
#define _GNU_SOURCE
#include "udp.h"
#include "lateness.h"

#define GOLDEN_RATIO 0.6180339887498949

struct target {
    struct sockaddr_in name;
    uint64_t id;
    int next;
};

static struct batch batch;
static struct target *targets;
static int *slots;
static uint64_t sent, answered, unsent, stamped, malformed;
static uint32_t dropped_before;
static volatile sig_atomic_t stop, restart;
/* Written and never looked at, so that the compiler keeps the reading. */
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
    sent = answered = unsent = stamped = malformed = 0;
}

static void look(int poller, int fd)
{
    struct epoll_event event;
    if (epoll_wait(poller, &event, 1, 0) <= 0)
        return;
    (void)receive(fd, &batch, MSG_ERRQUEUE);
    int count;
    do {
        count = receive(fd, &batch, 0);
        int64_t mono = read_clock(CLOCK_MONOTONIC), wall = read_clock(CLOCK_REALTIME);
        for (int i = 0; i < count; i++) {
            int64_t stamp = stamp_of(&batch.heads[i].msg_hdr);
            arrived = mono - (wall - stamp);
            stamped += stamp != 0;
            if (is_ping(batch.data[i], batch.heads[i].msg_len, 2))
                answered++;
            else
                malformed++;
        }
    } while (count == BATCH);
}

static void send_slot(int fd, int first)
{
    unsigned char request[REQUEST_LENGTH];
    for (int i = first; i >= 0; i = targets[i].next) {
        struct target *target = &targets[i];
        read_at = read_clock(CLOCK_MONOTONIC);
        write_request(request, ++target->id);
        if (sendto(fd, request, sizeof request, MSG_DONTWAIT | MSG_NOSIGNAL, (struct sockaddr *)&target->name, sizeof target->name) > 0)
            sent++;
        else
            unsent++;
    }
}

static int count_slot(int first)
{
    int count = 0;
    for (int i = first; i >= 0; i = targets[i].next)
        count++;
    return count;
}

/* Answers come to another poller than the one that it sleeps in: they are stamped and can wait. */
static void sleep_in(int poller, int64_t due)
{
    struct epoll_event event;
    int64_t rest;
    while (!stop && (rest = due - read_clock(CLOCK_MONOTONIC)) > 0) {
        struct timespec timeout = { .tv_sec = rest / 1000000000, .tv_nsec = rest % 1000000000 };
        (void)epoll_pwait2(poller, &event, 1, &timeout, NULL);
    }
}

static void run(int waking, int quiet, int fd, int slot_count)
{
    int64_t origin = read_clock(CLOCK_MONOTONIC), tick = 0;
    while (!stop) {
        int64_t due = origin + (tick + 1) * SLOT;
        sleep_in(waking, due);
        if (restart) {
            begin_anew();
            dropped_before = drops_of(fd);
        }
        int64_t now = read_clock(CLOCK_MONOTONIC);
        arrived = read_clock(CLOCK_REALTIME);
        woke(now - due);
        look(quiet, fd);
        int64_t reached = (read_clock(CLOCK_MONOTONIC) - origin) / SLOT;
        /* A slot whose turn has come again was missed once. */
        for (; reached - tick > slot_count; tick++)
            unsent += (uint64_t)count_slot(slots[(tick + 1) % slot_count]);
        while (tick < reached)
            send_slot(fd, slots[++tick % slot_count]);
    }
}

int main(int argc, char **argv)
{
    int count = argc == 4 ? atoi(argv[1]) : 0;
    int64_t interval = argc == 4 ? atoll(argv[2]) * 1000 : 0;
    int slot_count = (int)(interval / SLOT);
    if (count < 1 || slot_count < 2) {
        fprintf(stderr, "usage: ping COUNT INTERVAL_MICROSECONDS PORT, an interval of at least 1000\n");
        return 2;
    }
    targets = calloc((size_t)count, sizeof *targets);
    slots = malloc((size_t)slot_count * sizeof *slots);
    if (targets == NULL || slots == NULL)
        fail("calloc");
    memset(slots, -1, (size_t)slot_count * sizeof *slots);
    double offset = 0;
    for (int i = 0; i < count; i++) {
        offset += GOLDEN_RATIO;
        offset -= (int)offset;
        int slot = (int)(offset * slot_count);
        targets[i] = (struct target){ .name = numbered(0x7f010000u, i, atoi(argv[3])), .next = slots[slot] };
        slots[slot] = i;
    }

    struct sigaction action = { .sa_handler = on_signal };
    sigaction(SIGUSR1, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    prctl(PR_SET_TIMERSLACK, 1, 0, 0, 0);
    struct sockaddr_in any = { .sin_family = AF_INET };
    int fd = open_socket(&any, 8 * 1024 * 1024), reflector = open_socket(&any, 4 * 1024 * 1024);
    set_option(fd, IPPROTO_IP, IP_RECVERR, 1);
    int waking = epoll_create1(EPOLL_CLOEXEC), quiet = epoll_create1(EPOLL_CLOEXEC);
    watch(quiet, fd);
    watch(waking, reflector);
    run(waking, quiet, fd, slot_count);
    printf("{\"sent\":%lu,\"answered\":%lu,\"unsent\":%lu,\"stamped\":%lu,\"malformed\":%lu,\"dropped\":%u,\"wakeups\":%lu,\"late_p50_us\":%.1f,"
           "\"late_p99_us\":%.1f,\"late_p999_us\":%.1f}\n",
           sent, answered, unsent, stamped, malformed, drops_of(fd) - dropped_before, wakeups, lateness_at(0.5), lateness_at(0.99), lateness_at(0.999));
    return 0;
}
