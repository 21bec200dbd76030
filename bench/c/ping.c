/*
 * The least that probing by UDP can cost: the system calls of the agent's probing thread for the same targets, and nothing
 * of its measurements.
 *
 *   ping COUNT INTERVAL_MICROSECONDS PORT
 *
 * The targets are 127.1.0.1 and up, their sends spread over the interval as pacing.h has it. In each slot it looks at the socket, takes the
 * error queue and all answers by recvmmsg(2) with kernel stamps and both clocks read per batch, and sends a request of 18 bytes to each target
 * that is due, the clock read for each. SIGTERM prints what was measured since SIGUSR1 as one line of JSON.
 */
#define _GNU_SOURCE
#include "pacing.h"

struct target {
    struct sockaddr_in name;
    uint64_t id;
};

static struct batch batch;
static struct target *targets;
static uint64_t sent, answered, unsent, stamped, malformed;
static uint32_t dropped_before;
static int fd;

static void begin_anew(void)
{
    sent = answered = unsent = stamped = malformed = 0;
    dropped_before = drops_of(fd);
}

static void look(int poller)
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

static void send_to(int number)
{
    unsigned char request[REQUEST_LENGTH];
    struct target *target = &targets[number];
    read_at = read_clock(CLOCK_MONOTONIC);
    write_request(request, ++target->id);
    if (sendto(fd, request, sizeof request, MSG_DONTWAIT | MSG_NOSIGNAL, (struct sockaddr *)&target->name, sizeof target->name) > 0)
        sent++;
    else
        unsent++;
}

static void skip(int number)
{
    (void)number;
    unsent++;
}

int main(int argc, char **argv)
{
    int count = argc == 4 ? atoi(argv[1]) : 0;
    int64_t interval = argc == 4 ? atoll(argv[2]) * 1000 : 0;
    slot_count = (int)(interval / SLOT);
    if (count < 1 || slot_count < 2) {
        fprintf(stderr, "usage: ping COUNT INTERVAL_MICROSECONDS PORT, an interval of at least 1000\n");
        return 2;
    }
    targets = calloc((size_t)count, sizeof *targets);
    if (targets == NULL)
        fail("calloc");
    for (int i = 0; i < count; i++)
        targets[i].name = numbered(0x7f010000u, i, atoi(argv[3]));
    spread(count);
    heed_signals();
    struct sockaddr_in any = { .sin_family = AF_INET };
    int reflector = open_socket(&any, 4 * 1024 * 1024);
    fd = open_socket(&any, 8 * 1024 * 1024);
    set_option(fd, IPPROTO_IP, IP_RECVERR, 1);
    int waking = epoll_create1(EPOLL_CLOEXEC), quiet = epoll_create1(EPOLL_CLOEXEC);
    watch(quiet, fd);
    watch(waking, reflector);
    pace(waking, quiet);
    printf("{\"sent\":%lu,\"answered\":%lu,\"unsent\":%lu,\"stamped\":%lu,\"malformed\":%lu,\"dropped\":%u,\"wakeups\":%lu,\"late_p50_us\":%.1f,"
           "\"late_p99_us\":%.1f,\"late_p999_us\":%.1f}\n",
           sent, answered, unsent, stamped, malformed, drops_of(fd) - dropped_before, wakeups, lateness_at(0.5), lateness_at(0.99), lateness_at(0.999));
    return 0;
}
